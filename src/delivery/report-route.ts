import type { Core } from '../core.ts';
import { withoutAddresses } from '../domain/reply.ts';
import { formatInstant } from '../domain/time.ts';
import { tellOnce } from '../ledger/operator.ts';
import { saveCooldown } from './cooldowns-table.ts';
import type { RouteEvent } from './routes.ts';

/** Logs what happened to a route, records a domain that refuses our mail, and tells the operator. */
export async function reportRoute(core: Core, event: RouteEvent): Promise<void> {
  const { route } = event;
  if (event.kind === 'closed') return core.log.info({ relay: route }, 'the relay accepts mail again');
  if (event.kind === 'opened') {
    const reply = withoutAddresses(event.reply);
    core.log.error({ relay: route, reply }, 'the relay refuses us; pausing before the next attempt');
    const lines = [
      `${route} refuses mail`,
      `It answered: ${reply}`,
      'Nothing is lost: mails wait, or go by the next relay of SMTP_URL. It is tried again automatically.',
    ];
    return tellOnce(core, `route ${route}`, lines);
  }
  const { domain, until } = event;
  const reply = withoutAddresses(event.reply);
  core.log.error({ relay: route, domain, reply }, 'the domain refuses our mail; pausing for an hour');
  await saveCooldown(core.store.db, { route, domain, until, reply });
  // One message, however many domains there are: "status" lists them all.
  await tellOnce(core, `domains ${route}`, [
    `${domain} refuses our mail`,
    `Five readers in a row were refused by ${route}, the last time with: ${reply}`,
    `Its readers' mails wait until ${formatInstant(until)}. "offprint retry --failed" sends again to those who were refused.`,
    'Other domains that refuse our mail today are listed by "offprint status".',
  ]);
}
