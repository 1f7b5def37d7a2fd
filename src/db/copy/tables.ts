import { sql } from 'kysely';
import type { Trx } from '../schema.ts';

/** A table that both databases have. */
export type CopiedTable = {
  readonly name: string;
  /** Sorted, the same on both sides. */
  readonly columns: readonly string[];
  /** Whether `id` is assigned automatically. */
  readonly counts: boolean;
};

/** The record of migrations is each database's own. */
const OWN = new Set(['migrations']);

/**
 * What is to be copied from SQLite to Postgres, tables that others refer to first. Tables that only one engine has
 * (a word index, for example) are rebuilt by the engine from other rows.
 */
export async function tablesToCopy(source: Trx, target: Trx): Promise<CopiedTable[]> {
  const known = new Map<string, string[]>();
  for (const { table, column } of await targetColumns(target)) {
    known.set(table, [...(known.get(table) ?? []), column]);
  }
  const tables: (CopiedTable & { readonly needs: ReadonlySet<string> })[] = [];
  for (const { name, sql: definition } of await sourceTables(source)) {
    const there = known.get(name);
    if (there === undefined || OWN.has(name)) continue;
    const here = await sql<{ name: string }>`select name from pragma_table_info(${name})`.execute(source);
    const columns = here.rows.map((row) => row.name).filter((column) => there.includes(column));
    const references = await sql<{
      table: string;
    }>`select "table" from pragma_foreign_key_list(${name})`.execute(source);
    const needs = new Set(references.rows.map((row) => row.table));
    tables.push({ name, columns: columns.toSorted(), counts: /autoincrement/i.test(definition), needs });
  }
  return inOrder(tables);
}

async function sourceTables(source: Trx) {
  const { rows } = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`.execute(
    source,
  );
  return rows;
}

/** Without generated columns. */
async function targetColumns(target: Trx) {
  const { rows } = await sql<{ table: string; column: string }>`
    select c.table_name as "table", c.column_name as "column" from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'`.execute(
    target,
  );
  return rows;
}

function inOrder<Table extends { name: string; needs: ReadonlySet<string> }>(
  tables: readonly Table[],
): Table[] {
  const ordered: Table[] = [];
  let rest = [...tables];
  while (rest.length > 0) {
    const waiting = new Set(rest.map((table) => table.name));
    const ready = rest.filter(({ name, needs }) => needs.difference(new Set([name])).isDisjointFrom(waiting));
    if (ready.length === 0) throw new Error(`tables refer to one another: ${[...waiting].join(', ')}`);
    ordered.push(...ready);
    rest = rest.filter((table) => !ready.includes(table));
  }
  return ordered;
}
