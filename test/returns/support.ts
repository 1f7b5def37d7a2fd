import { mailTag } from '../../src/domain/verp.ts';
import { type MailResult, takeMails } from '../../src/returns/take-mails.ts';
import { enrollSubscribers, type TestApp } from '../support/app.ts';
import { openNewsroom, runOnce } from '../support/newsroom.ts';

const BOUNCES = 'bounces@papers.example.org';

/** A newsroom that has sent one issue to some addresses, and their ids. */
export async function sentIssue(emails: readonly string[], settings: Record<string, string> = {}) {
  const room = await openNewsroom({ BOUNCE_ADDRESS: BOUNCES, ...settings });
  const ids = await enrollSubscribers(room.app, emails);
  await runOnce(room.app);
  return { ...room, ids };
}

/** The tag of a subscriber's mail of the first issue. */
export function tagOf(app: TestApp, subscriberId: number, issueId = 1): string {
  return mailTag(app.secrets[0], { table: 'deliveries', issueId, subscriberId });
}

export function take(app: TestApp, ...mails: readonly string[]): Promise<MailResult[]> {
  return takeMails(
    app,
    app.returning,
    app.secrets,
    mails.map((mail) => ({ raw: Buffer.from(mail) })),
  );
}

/** Every row of every table but `returns`, to see that nothing changed. */
export async function everythingElse(app: TestApp): Promise<string> {
  const tables = [
    'subscribers',
    'suppressions',
    'deliveries',
    'notices',
    'issues',
    'hook_calls',
    'rests',
    'set_aside',
  ] as const;
  const rows = await Promise.all(tables.map((name) => app.store.db.selectFrom(name).selectAll().execute()));
  return JSON.stringify(rows);
}
