import { sql } from 'kysely';
import { Fault } from '../../domain/fault.ts';
import type { Trx } from '../schema.ts';
import { type CopiedRow, createDigest, type Digest } from './digest.ts';
import { type CopiedTable, tablesToCopy } from './tables.ts';

const SLICE = 1000;

export type CopyReport = { readonly table: string } & Digest;
/** Called after each slice with the number of rows copied so far. */
export type CopyProgress = (table: string, rows: number) => void;

/**
 * Copies everything in a SQLite database into an empty Postgres database and verifies it. The caller commits if
 * this returns, and rolls back otherwise.
 * @param source a snapshot of the SQLite database; nothing is written there
 * @throws Fault TARGET_NOT_EMPTY, COPY_DIFFERS
 */
export async function copyAll(source: Trx, target: Trx, onProgress: CopyProgress): Promise<CopyReport[]> {
  const tables = await tablesToCopy(source, target);
  for (const table of tables) await refuseRows(target, table);
  const report: CopyReport[] = [];
  for (const table of tables) {
    const sent = await copyTable(source, target, table, onProgress);
    const kept = await digestOf(target, table);
    if (sent.rows !== kept.rows || sent.sum !== kept.sum) throw differs(table.name, sent, kept);
    if (table.counts) await goOnCounting(source, target, table.name);
    report.push({ table: table.name, ...kept });
  }
  return report;
}

async function refuseRows(target: Trx, { name }: CopiedTable): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(target);
  if (rows.length === 0) return;
  throw new Fault(
    'TARGET_NOT_EMPTY',
    `The Postgres database already has rows in ${name}.`,
    'Use an empty database: existing rows are never mixed with others or overwritten.',
  );
}

async function copyTable(
  source: Trx,
  target: Trx,
  table: CopiedTable,
  onProgress: CopyProgress,
): Promise<Digest> {
  const digest = createDigest(table.columns);
  const columns = sql.join(table.columns.map((column) => sql.ref(column)));
  for (let after = -1; ; ) {
    const { rows } = await sql<CopiedRow & { row_number: number }>`
      select rowid as row_number, ${columns} from ${sql.table(table.name)}
      where rowid > ${after} order by rowid limit ${SLICE}`.execute(source);
    const last = rows.at(-1);
    if (last === undefined) return digest.result();
    const values = rows.map((row) => {
      digest.add(row);
      return sql`(${sql.join(table.columns.map((column) => row[column]))})`;
    });
    await sql`insert into ${sql.table(table.name)} (${columns}) values ${sql.join(values)}`.execute(target);
    after = last.row_number;
    onProgress(table.name, digest.result().rows);
  }
}

/** As stored, read in slices through a cursor of the transaction. */
async function digestOf(target: Trx, { name, columns }: CopiedTable): Promise<Digest> {
  const digest = createDigest(columns);
  const list = sql.join(columns.map((column) => sql.ref(column)));
  await sql`declare copied no scroll cursor for select ${list} from ${sql.table(name)}`.execute(target);
  for (;;) {
    const { rows } = await sql<CopiedRow>`fetch ${sql.lit(SLICE)} from copied`.execute(target);
    if (rows.length === 0) break;
    for (const row of rows) digest.add(row);
  }
  await sql`close copied`.execute(target);
  return digest.result();
}

/** Ids are never used twice, whether or not their rows still exist. */
async function goOnCounting(source: Trx, target: Trx, table: string): Promise<void> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(
    source,
  );
  const last = rows[0]?.seq;
  if (last !== undefined)
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(target);
}

function differs(table: string, sent: Digest, kept: Digest): Fault {
  const counts = sent.rows === kept.rows ? 'the contents differ' : `${sent.rows} rows became ${kept.rows}`;
  return new Fault(
    'COPY_DIFFERS',
    `The rows of ${table} differ between Postgres and SQLite: ${counts}.`,
    'Nothing was moved. Please report this: it is a bug.',
  );
}
