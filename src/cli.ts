import { prepareProcess } from './before-loading.ts';

prepareProcess(process.env.DATA_DIR);
const { runProgram } = await import('./cli/program.ts');
await runProgram(process.env);
