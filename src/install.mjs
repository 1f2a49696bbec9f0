// Runs before `npm run demo`, `npm test` and the others, on whatever Node is there (≥ 20) and before anything is installed:
// hence plain JavaScript without imports of ours. Installs when the lock file changed since the last install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const stampFile = new URL('node_modules/.understudy-lock-hash', root);
const lockHash = createHash('sha256')
	.update(readFileSync(new URL('package-lock.json', root)))
	.digest('hex');
const isInstalled = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockHash;

if (Number(process.versions.node.split('.')[0]) < 20) {
	process.stderr.write(`Understudy needs Node 20 or newer to set itself up; this is ${process.version}.\n`);
	process.exit(1);
}

if (!isInstalled) {
	process.stderr.write('Installing dependencies (once, about 20 s) …\n');
	// Not `npm ci`: it refuses a lock file whose optional platform packages are missing from the registry in use.
	const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	if (npm.status !== 0) {
		process.stderr.write(
			'npm install failed; see the lines above. A proxy or registry setting may be missing (npm config get registry).\n',
		);
		process.exit(npm.status ?? 1);
	}
	const after = createHash('sha256')
		.update(readFileSync(new URL('package-lock.json', root)))
		.digest('hex');
	writeFileSync(stampFile, after);
}
