import { createHash } from 'node:crypto';
import type { Core } from '../core.ts';
import type { Db } from '../db/schema.ts';
import { HOUR } from '../domain/time.ts';
import { queueHooks } from './hook-calls.ts';
import { addNotice } from './notices.ts';
import { reserveTopic } from './topics.ts';

/** Notices to the operator belong to no subscriber. */
const NOBODY = 0;

/**
 * Tells the operator by mail to OPERATOR_EMAIL and through OPERATOR_URL, because mail may be what is broken.
 * @param db the database, or the transaction it belongs to
 * @param lines the first one is the subject
 */
export async function tellOperator(core: Core, db: Db, lines: readonly string[]): Promise<void> {
  const { OPERATOR_EMAIL: email, OPERATOR_URL: url, NEWSLETTER_NAME: newsletter } = core.config;
  const now = core.clock();
  if (email !== undefined) await addNotice(db, 'operator', { id: NOBODY, email }, now, lines.join('\n'));
  if (url === undefined) return;
  const [title = '', ...rest] = lines;
  const message = { title: `${newsletter}: ${title}`, text: [`${newsletter}: ${title}`, ...rest].join('\n') };
  const id = `operator:${now}.${createHash('sha256').update(message.text).digest('hex').slice(0, 16)}`;
  await queueHooks(db, [url], { id, body: JSON.stringify(message), subscriberId: null }, now);
}

/** A relay that fails on and off causes one mail in this time. */
const SAME_TOPIC = 6 * HOUR;

/** Reports something at most once in a while, from whichever process finds it first. @param topic its permanent name */
export async function tellOnce(
  core: Core,
  topic: string,
  lines: readonly string[],
  every = SAME_TOPIC,
): Promise<void> {
  const { OPERATOR_EMAIL, OPERATOR_URL } = core.config;
  if (OPERATOR_EMAIL === undefined && OPERATOR_URL === undefined) return;
  const now = core.clock();
  await core.store.db.transaction().execute(async (trx) => {
    if (await reserveTopic(trx, topic, now, now - every)) await tellOperator(core, trx, lines);
  });
}
