import { prepareProcess } from './before-loading.ts';

prepareProcess(process.env.DATA_DIR);
const { runService } = await import('./service.ts');
await runService(process.env);
