import { type Script, scriptOf } from '../script.ts';

export const threadStamp: Script = scriptOf(`
alter table deliveries add column thread_stamp text;
`);
