import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { OffprintPostgresCompiler, turnOf } from '../../src/db/postgres.ts';

/** Users of the one connection that PGlite has, one after the other, whichever store they are of. */
export type Turns = { last: Promise<void> };

/**
 * Kysely's own PGlite dialect lets a statement slip into another's transaction; here each waits for its turn. A
 * store is a schema.
 */
export function pgliteDialect(pglite: PGlite, turns: Turns, schema: string): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new OffprintPostgresCompiler(),
    createDriver: () => new PgliteDriver(pglite, turns, schema),
  };
}

class PgliteDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #turns: Turns;
  readonly #schema: string;
  #endTurn: () => void = () => {};

  constructor(pglite: PGlite, turns: Turns, schema: string) {
    this.#pglite = pglite;
    this.#turns = turns;
    this.#schema = schema;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const previous = this.#turns.last;
    const turn = Promise.withResolvers<void>();
    this.#turns.last = turn.promise;
    await previous;
    this.#endTurn = turn.resolve;
    await this.#pglite.exec(`set search_path to ${this.#schema}`);
    return new PgliteConnection(this.#pglite);
  }

  async releaseConnection(): Promise<void> {
    this.#endTurn();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { isolationLevel = 'read committed' } = settings;
    await connection.executeQuery(CompiledQuery.raw(`start transaction isolation level ${isolationLevel}`));
    const turn = turnOf(settings);
    if (turn !== undefined) await connection.executeQuery(CompiledQuery.raw(turn));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {}
}

class PgliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows } = await this.#pglite.query<Row>(query.sql, [...query.parameters]);
    return { rows, ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }) };
  }

  /** Kysely asks for the method. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not used');
  }
}
