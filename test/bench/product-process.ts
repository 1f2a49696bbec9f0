// As src/main.ts: what must be set before the rest is loaded comes first.
import { prepareProcess } from '../../src/before-loading.ts';

prepareProcess(process.env.DATA_DIR);
await import('./product.ts');
