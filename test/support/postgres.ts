import { createHash, randomUUID } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openStore, prepare, type Store } from '../../src/db/open.ts';
import { queriesOn } from '../../src/db/postgres.ts';
import { ENGINE } from './engine.ts';
import { FROZEN } from './makers.ts';
import { pgliteDialect, type Turns } from './pglite.ts';

/** On Postgres a test's database is a schema of its own, dropped when the test ends. @returns its name */
export async function newSchema(): Promise<string> {
  return schemaOf(randomUUID());
}

/** The schema that stands for a file. */
export async function schemaOf(path: string): Promise<string> {
  const schema = nameOf(path);
  await run(`create schema if not exists ${schema}`);
  onTestFinished(() => run(`drop schema if exists ${schema}, ${schema}_pgboss cascade`));
  return schema;
}

function nameOf(path: string): string {
  return `t${createHash('sha256').update(path).digest('hex').slice(0, 20)}`;
}

/** Schemas with all tables and no rows. Emptying one takes a tenth of the time that the migrations take. */
const empty: EmptySchema[] = [];
type EmptySchema = { readonly name: string; readonly emptying: string };

/** Opens a schema that nobody else uses until the store is closed. `schema` is its name. */
export async function openEmptySchema(): Promise<Store & { readonly schema: string }> {
  const schema = empty.pop() ?? (await migratedSchema());
  const store = await openSchema(schema.name);
  const close = async () => {
    await store.close();
    await run(schema.emptying);
    empty.push(schema);
  };
  return { ...store, close, schema: schema.name };
}

async function migratedSchema(): Promise<EmptySchema> {
  const schema = nameOf(randomUUID());
  await run(`create schema ${schema}`);
  const { db, close } = await openSchema(schema);
  // The youngest first: a table refers to older ones.
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = ${schema}::regnamespace and relkind = 'r' and relname <> 'migrations'
    order by oid desc`.execute(db);
  const sequences = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = ${schema}::regnamespace and relkind = 'S'`.execute(db);
  await close();
  // To truncate takes several times as long.
  const deletes = tables.rows.map(({ name }) => `delete from ${schema}.${name}`);
  const restarts = sequences.rows.map(({ name }) => `alter sequence ${schema}.${name} restart`);
  return { name: schema, emptying: [...deletes, ...restarts].join('; ') };
}

/** Where a schema of the real server is, for a program that opens it by itself. */
export function urlOf(schema: string): string {
  const url = new URL(serverUrl());
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

function serverUrl(): string {
  const url = inject('postgresUrl');
  if (!url) throw new Error('TEST_POSTGRES_URL names an empty database of a Postgres that this user may use');
  return url;
}

export async function openSchema(schema: string): Promise<Store> {
  if (ENGINE === 'postgres') return openStore(urlOf(schema), FROZEN);
  const { pglite, turns } = await sharedPglite();
  const db = queriesOn(pgliteDialect(pglite, turns, schema));
  return prepare({ db, readOnly: db, searches: db }, FROZEN);
}

async function run(statement: string): Promise<void> {
  if (ENGINE === 'pglite') {
    const { pglite, turns } = await sharedPglite();
    await turns.last;
    await pglite.exec(statement);
    return;
  }
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query('set client_min_messages = warning');
    await client.query(statement);
  } finally {
    await client.end();
  }
}

type Shared = { readonly pglite: PGlite; readonly turns: Turns };

let shared: Promise<Shared> | undefined;

/** It takes seconds to start, so that the tests of a run have one. */
export function sharedPglite(): Promise<Shared> {
  shared ??= startPglite();
  return shared;
}

async function startPglite(): Promise<Shared> {
  const pglite = await PGlite.create({ parsers: { 20: Number, 1700: Number } });
  await pglite.exec('set client_min_messages = warning');
  return { pglite, turns: { last: Promise.resolve() } };
}
