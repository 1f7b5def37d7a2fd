import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { enrollSubscriber, eraseByAddress, removeSubscriber } from '../../src/subscribers/admin.ts';
import { importSubscribers } from '../../src/subscribers/import.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { openTestApp, type TestApp, tempFolder } from '../support/app.ts';

const NAMES = ['ada', 'bo', 'cy'] as const;
type Name = (typeof NAMES)[number];
const at = (name: Name) => `${name}@example.org`;

const name = fc.constantFrom(...NAMES);
const word = fc.constantFrom('active', 'unsubscribed', 'bounced', 'unconfirmed');
const step = fc.oneof(
  fc.record({ act: fc.constantFrom('leave', 'erase', 'add'), name }),
  fc.record({
    act: fc.constant('import' as const),
    lines: fc.uniqueArray(fc.tuple(name, word), { selector: ([who]) => who, minLength: 1 }),
  }),
);

/** What should be true of a person: never heard of, waiting for a confirmation, subscribed, or away for good. */
type Standing = 'unknown' | 'pending' | 'active' | 'away';

function afterImport(before: Standing, said: string): Standing {
  if (said === 'active') return before === 'away' ? 'away' : 'active';
  if (said === 'unconfirmed') return before === 'unknown' ? 'pending' : before;
  return 'away';
}

test('nobody who has left is brought back by any list, whatever happened before; and a dry run counts the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      await using app = await openTestApp({ DATABASE_URL: ':memory:' });
      using folder = tempFolder();
      const path = join(folder.path, 'list.csv');
      const standing: Record<Name, Standing> = { ada: 'unknown', bo: 'unknown', cy: 'unknown' };
      for (const one of steps) {
        if ('lines' in one) {
          const rows = one.lines.map(([who, said]) => `${at(who)},${said}`);
          writeFileSync(path, ['email,status', ...rows].join('\n'));
          const would = await importSubscribers(app, path, { dryRun: true });
          expect(await importSubscribers(app, path)).toEqual(would);
          for (const [who, said] of one.lines) standing[who] = afterImport(standing[who], said);
        } else standing[one.name] = await act(app, one.act, one.name, standing[one.name]);
        for (const who of NAMES) {
          const state = (await findByAddress(app.store.db, at(who)))?.state;
          expect([who, state === 'active']).toEqual([who, standing[who] === 'active']);
        }
      }
    }),
  );
});

async function act(app: TestApp, what: string, who: Name, before: Standing): Promise<Standing> {
  if (what === 'add') {
    await enrollSubscriber(app, at(who));
    return 'active';
  }
  const known = await findByAddress(app.store.db, at(who));
  if (known === undefined) return before;
  if (what === 'leave') await removeSubscriber(app, at(who));
  else await eraseByAddress(app, at(who));
  // Who never confirmed, and is forgotten, has never been a reader.
  return before === 'pending' && what === 'erase' ? 'unknown' : 'away';
}
