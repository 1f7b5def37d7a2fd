import { addNotice } from '../store/notices.ts';
import type { Db } from '../store/schema.ts';
import type { App } from './wire.ts';

/** Notices to the operator belong to no subscriber. */
const NOBODY = 0;

/** Mails whoever runs the newsletter, if OPERATOR_EMAIL says who. @param db or the transaction that it is a part of; @param lines the first one is the subject */
export async function tellOperator(app: App, db: Db, lines: readonly string[]): Promise<void> {
  const email = app.config.OPERATOR_EMAIL;
  if (email === undefined) return;
  await addNotice(db, 'operator', { id: NOBODY, email }, app.clock(), lines.join('\n'));
}
