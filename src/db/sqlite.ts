import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CompiledQuery,
  createQueryId,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  RawNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { Checkpointer } from './checkpoint.ts';

// IMMEDIATE: a transaction that starts by reading could not wait for another process's write later.
const BEGIN = CompiledQuery.raw('begin immediate');
const COMMIT = CompiledQuery.raw('commit');
const ROLLBACK = CompiledQuery.raw('rollback');

const SQLITE_BUSY = 5;
const BUSY_PATIENCE_MS = 60_000;

/** A statement, and the parameters of each time that it is run. */
export type Repeated = { readonly sql: string; readonly rows: readonly (readonly (string | number)[])[] };

/**
 * Statements that are one transaction, run without giving way to anybody: between two statements of an ordinary one the
 * event loop turns several times. Gives for each statement how many rows each of its runs changed.
 */
export class Together implements CompiledQuery<number[]> {
  readonly sql = '';
  readonly parameters = [];
  readonly query = RawNode.createWithSql('');
  readonly queryId = createQueryId();
  readonly statements: readonly Repeated[];

  constructor(statements: readonly Repeated[]) {
    this.statements = statements;
  }
}

export type SqliteOptions = { readonly readOnly: boolean; readonly checkpointer?: Checkpointer };

/**
 * Kysely's SQLite dialect over `node:sqlite`, for one connection that its users take in turn.
 * @param open makes that connection, without a busy timeout: SQLite would sleep on this thread. Waiting is done between
 * statements instead.
 */
export function sqliteDialect(open: () => DatabaseSync, options: SqliteOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => new SqliteDriver(open, options),
  };
}

class SqliteDriver implements Driver {
  readonly #open: () => DatabaseSync;
  readonly #readOnly: boolean;
  #connection: SqliteConnection | undefined;
  readonly #checkpointer: Checkpointer | undefined;
  #lastTurn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => {};

  constructor(open: () => DatabaseSync, { readOnly, checkpointer }: SqliteOptions) {
    this.#open = open;
    this.#readOnly = readOnly;
    this.#checkpointer = checkpointer;
  }

  async init(): Promise<void> {
    const database = this.#open();
    this.#connection = new SqliteConnection(database);
    if (!this.#readOnly) await this.#connection.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'));
    // Commits checkpoint only if the checkpointer cannot. Secure delete overwrites the data of erased subscribers.
    database.exec(
      'pragma synchronous = normal; pragma wal_autocheckpoint = 40000; pragma foreign_keys = on; pragma secure_delete = on',
    );
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const previous = this.#lastTurn;
    const turn = Promise.withResolvers<void>();
    this.#lastTurn = turn.promise;
    await previous;
    this.#endTurn = turn.resolve;
    if (!this.#connection) throw new Error('the database is closed');
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#endTurn();
    this.#checkpointer?.wrote();
  }

  async beginTransaction(connection: SqliteConnection, settings: TransactionSettings): Promise<void> {
    const onlyReads = this.#readOnly || settings.isolationLevel === 'repeatable read';
    await connection.executeQuery(onlyReads ? CompiledQuery.raw('begin') : BEGIN);
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(COMMIT);
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.executeQuery(ROLLBACK);
  }

  async destroy(): Promise<void> {
    await this.#lastTurn;
    await this.#checkpointer?.close();
    this.#connection?.close();
    this.#connection = undefined;
  }
}

/** `gives` is whether it gives rows. */
type Prepared = { readonly statement: StatementSync; readonly gives: boolean };

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Another process that is writing is waited for without holding up the event loop. */
  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const startedAt = performance.now();
    for (;;) {
      try {
        return this.#execute<Row>(query);
      } catch (error) {
        if (!isBusy(error) || performance.now() - startedAt >= BUSY_PATIENCE_MS) throw error;
        await pause(10);
      }
    }
  }

  /** Kysely asks for the method. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not used: read in slices by id');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #execute<Row>(query: CompiledQuery): QueryResult<Row> {
    if (query instanceof Together) return { rows: this.#together(query.statements) as Row[] };
    const { statement, gives } = this.#prepare(query.sql);
    const parameters = query.parameters as (string | number | null)[];
    if (gives) return { rows: statement.all(...parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #together(statements: readonly Repeated[]): number[][] {
    this.#execute(BEGIN);
    try {
      const changes = statements.map(({ sql, rows }) => {
        const { statement } = this.#prepare(sql);
        return rows.map((parameters) => Number(statement.run(...parameters).changes));
      });
      this.#execute(COMMIT);
      return changes;
    } catch (error) {
      if (this.#database.isTransaction) this.#execute(ROLLBACK);
      throw error;
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    const prepared = { statement, gives: statement.columns().length > 0 };
    if (this.#statements.size >= 200) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
