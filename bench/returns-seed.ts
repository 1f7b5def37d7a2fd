import { sql } from 'kysely';
import type { Db } from '../src/db/schema.ts';
import type { Instant } from '../src/domain/time.ts';

/** An issue that was accepted for many subscribers, of 500 domains. @returns its id */
export async function seedSentIssue(db: Db, count: number, now: Instant): Promise<number> {
  const numbers = sql`with recursive n(id) as (select 1 union all select id + 1 from n where id < ${count})`;
  await sql`insert into issues (id, kind, date, number, sample, state, reason, frozen_at, body, audience, joined, planned_at)
    values (1, 'daily', '2026-08-19', 1, 0, 'done', '', ${now}, null, ${count}, 0, ${now})`.execute(db);
  await sql`insert into subscribers (id, email, email_key, name, state, timezone, deliver_at, days, topics, consent, created_at, state_at)
    ${numbers} select id, 'reader' || id || '@host' || (id % 500) || '.example', 'reader' || id || '@host' || (id % 500) || '.example',
    '', 'active', 'UTC', '07:00', 127, '[]', 'import', ${now}, ${now} from n`.execute(db);
  await sql`insert into deliveries (issue_id, subscriber_id, address, state, reason, due_at, due_day, next_at, owner, lease_until,
    attempts, lost, reply, settled_at)
    ${numbers} select 1, id, 'reader' || id || '@host' || (id % 500) || '.example', 'accepted', '', ${now}, '2026-08-19', 0, '', 0, 1, 0,
    '250 2.0.0 ok', ${now} from n`.execute(db);
  return 1;
}
