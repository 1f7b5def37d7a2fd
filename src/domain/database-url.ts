/** Whether DATABASE_URL names a Postgres; anything else is a SQLite file. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url);
}

/** For people and logs. */
export function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^/@\s:]*):[^/@\s]*@/, '$1@');
}
