import { type KyselyPlugin, SqliteQueryCompiler } from 'kysely';
import type { App } from '../../src/app.ts';

/** The program, and every statement that it runs from now on, as text without its values. */
export function recorded(app: App): { app: App; statements: string[] } {
  const statements: string[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      statements.push(new SqliteQueryCompiler().compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const { db, readOnly } = app.store;
  const store = { ...app.store, db: db.withPlugin(plugin), readOnly: readOnly.withPlugin(plugin) };
  return { app: { ...app, store }, statements };
}
