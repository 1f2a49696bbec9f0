// What must be set before the rest of the program is loaded, hence in the two entries alone, which import all else afterwards.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** @param dataDir `DATA_DIR`, before the settings can be read; absent or empty where it was not set. */
export function prepareProcess(dataDir: string | undefined): void {
	// Half of a start's time is compiling. Where the folder cannot be written, nothing is kept and nothing fails.
	enableCompileCache(join(dataDir || '.data', 'compile-cache'));
}
