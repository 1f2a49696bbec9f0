import { type Script, scriptOf } from '../script.ts';

export const senders: Script = scriptOf(`
create index messages_of_sender on messages (author_id, received_at) where author = 'customer';
`);
