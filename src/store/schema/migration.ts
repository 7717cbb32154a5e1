/**
 * One step of the schema, forward only, written for each engine: the same tables, and the same columns but for what only
 * several processes need. Numbers run from 1 without gaps.
 */
export type Migration = { readonly number: number; readonly sqlite: string; readonly postgres: string };
