/** SQLite's results that are about the file, the disk or another program: locked, busy, out of memory, read-only … */
const SQLITE_TROUBLE = new Set([5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 26]);
/** SQLSTATE: no connection, rolled back for another transaction, no resources, stopped by the operator, system error. */
const POSTGRES_TROUBLE = /^(08|25006|40|53|55P03|57|58)/;

/**
 * Whether a statement failed because of the database, not because of its values: then the
 * rows are fine, and a retry will succeed.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error) return SQLITE_TROUBLE.has(Number(error.errcode) & 0xff);
  const code = 'code' in error ? String(error.code) : '';
  return isAway(error) || POSTGRES_TROUBLE.test(code) || error.message === 'the database is closed';
}

/** Whether the server could not be reached, is starting or is shutting down (SQLSTATE class 57P, 08, 53300). */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT)$/.test(code))
    return true;
  if (/^(57P0[1235]|08...|53300)$/.test(code)) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}
