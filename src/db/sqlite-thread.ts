import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

type Order = { readonly sql: string; readonly parameters: readonly SQLInputValue[] };
type Reply = { readonly rows: unknown[] } | { readonly error: unknown };

const BUSY_PATIENCE_MS = 5000;

/**
 * Kysely's SQLite dialect on a read-only connection in a thread of its own: however long a query takes, the
 * event loop continues. The thread starts with the first query.
 */
export function sqliteThreadDialect(path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => new ThreadDriver(path),
  };
}

/** Kysely hands the one connection to one user at a time, because SQLite's adapter says that there is only one. */
class ThreadDriver implements Driver {
  readonly #connection: ThreadConnection;

  constructor(path: string) {
    this.#connection = new ThreadConnection(path);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    throw new Error('each query in the thread stands for itself');
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #path: string;
  #thread: Worker | undefined;
  #answer: PromiseWithResolvers<Reply> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const answer = Promise.withResolvers<Reply>();
    this.#answer = answer;
    this.#thread ??= this.#begin();
    // Only a query under way keeps the process from ending.
    this.#thread.ref();
    this.#thread.postMessage({ sql, parameters });
    const reply = await answer.promise.finally(() => this.#thread?.unref());
    if ('error' in reply) throw reply.error;
    return { rows: reply.rows as Row[] };
  }

  /** Kysely asks for the method. */
  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not used: read in slices by id');
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #begin(): Worker {
    const thread = new Worker(new URL(import.meta.url), { workerData: { queriesOn: this.#path } });
    thread.on('message', (reply: Reply) => this.#answer?.resolve(reply));
    const lost = (error: unknown) => {
      this.#thread = undefined;
      this.#answer?.resolve({ error });
    };
    thread.on('error', lost);
    thread.on('exit', () => lost(new Error('the thread of the searches has ended')));
    return thread;
  }
}

function serve(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_PATIENCE_MS });
  const statements = new Map<string, StatementSync>();
  const rowsOf = ({ sql, parameters }: Order) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    if (statements.size >= 100) statements.clear();
    statements.set(sql, statement);
    return statement.all(...parameters);
  };
  parentPort?.on('message', (order: Order) => {
    let reply: Reply;
    try {
      reply = { rows: rowsOf(order) };
    } catch (error) {
      reply = { error };
    }
    parentPort?.postMessage(reply);
  });
}

if (!isMainThread && typeof workerData?.queriesOn === 'string') serve(workerData.queriesOn);
