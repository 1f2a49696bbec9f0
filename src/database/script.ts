import { type Kysely, sql } from 'kysely';

/** Runs statements one after the other. */
export type Script = (db: Kysely<unknown>) => Promise<void>;

/**
 * Plain DDL: PostgreSQL and PGlite read the same text, and so does a database administrator. A function body has semicolons
 * of its own, so a statement ends where the next line is empty or begins another.
 */
export function scriptOf(text: string): Script {
	const statements = text.split(/;\n(?=\s*\n|create |insert |alter |$)/).filter(statement => statement.trim());
	return async db => {
		for (const statement of statements) await sql.raw(statement).execute(db);
	};
}
