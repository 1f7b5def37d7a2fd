import { createHash } from 'node:crypto';
import type { App } from '../app.ts';
import type { Db } from '../db/schema.ts';
import { claimTopic, keepRest } from '../delivery/cooldowns-table.ts';
import type { RouteEvent } from '../delivery/routes.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { formatInstant, HOUR } from '../domain/time.ts';
import { queueHooks } from '../webhooks/webhooks-table.ts';
import { addNotice } from './notices.ts';

/** Notices to the operator belong to no subscriber. */
const NOBODY = 0;

/**
 * Tells whoever runs the newsletter: by mail to OPERATOR_EMAIL, and at OPERATOR_URL, for the mail may be what is broken.
 * @param db or the transaction that it is a part of
 * @param lines the first one is the subject
 */
export async function tellOperator(app: App, db: Db, lines: readonly string[]): Promise<void> {
  const { OPERATOR_EMAIL: email, OPERATOR_URL: url, NEWSLETTER_NAME: newsletter } = app.config;
  const now = app.clock();
  if (email !== undefined) await addNotice(db, 'operator', { id: NOBODY, email }, now, lines.join('\n'));
  if (url === undefined) return;
  const [title = '', ...rest] = lines;
  const message = { title: `${newsletter}: ${title}`, text: [`${newsletter}: ${title}`, ...rest].join('\n') };
  const id = `operator:${now}.${createHash('sha256').update(message.text).digest('hex').slice(0, 16)}`;
  await queueHooks(db, [url], { id, body: JSON.stringify(message), subscriberId: null }, now);
}

/** A relay that comes and goes is one mail in so long. */
const SAME_TOPIC = 6 * HOUR;

/** Tells of something once in a while, whichever process finds it first. @param topic names it, for ever */
export async function tellOnce(
  app: App,
  topic: string,
  lines: readonly string[],
  every = SAME_TOPIC,
): Promise<void> {
  const { OPERATOR_EMAIL, OPERATOR_URL } = app.config;
  if (OPERATOR_EMAIL === undefined && OPERATOR_URL === undefined) return;
  const now = app.clock();
  await app.store.db.transaction().execute(async (trx) => {
    if (await claimTopic(trx, topic, now, now - every)) await tellOperator(app, trx, lines);
  });
}

/** Logs what happened to a route, remembers a domain that refuses our mail, and tells the operator. */
export async function reportRoute(app: App, event: RouteEvent): Promise<void> {
  const { route } = event;
  if (event.kind === 'closed') return app.log.info({ relay: route }, 'the relay takes mail again');
  if (event.kind === 'opened') {
    const reply = withoutAddresses(event.reply);
    app.log.error({ relay: route, reply }, 'the relay refuses us and is left alone for a while');
    const lines = [
      `${route} refuses mail`,
      `It answered: ${reply}`,
      'Nothing is lost: mails wait, or go by the next relay of SMTP_URL. It is tried again automatically.',
    ];
    return tellOnce(app, `route ${route}`, lines);
  }
  const { domain, until } = event;
  const reply = withoutAddresses(event.reply);
  app.log.error({ relay: route, domain, reply }, 'the domain refuses our mail and is left alone for an hour');
  await keepRest(app.store.db, { route, domain, until, reply });
  // One message, however many domains there are: "status" has them all.
  await tellOnce(app, `domains ${route}`, [
    `${domain} refuses our mail`,
    `Five readers in a row were refused by ${route}, the last time with: ${reply}`,
    `Its readers' mails wait until ${formatInstant(until)}. "offprint retry --failed" sends again to those who were refused.`,
    'Other domains that refuse our mail today are listed by "offprint status".',
  ]);
}
