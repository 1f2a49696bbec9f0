import { type RawBuilder, sql } from 'kysely';

/** A point of time by the database's clock, so that processes whose clocks differ agree on it. */
export const fromNow = (ms: number): RawBuilder<Date> => sql<Date>`now() + make_interval(secs => ${ms / 1000})`;
