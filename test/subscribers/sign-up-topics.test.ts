import { expect, test } from 'vitest';
import { WEEKLY } from '../../src/domain/weekdays.ts';
import { askSignUp, settleSignUps } from '../../src/subscribers/sign-up.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { enrollSubscribers, openTestApp } from '../support/app.ts';

const VISITOR = {
  client: { address: '192.0.2.1', prefix: '192.0.2.0/24' },
  stamp: '',
  proof: '',
  plain: false,
};

test('what was searched for is what a new reader begins with, and changes nothing for one who is there', async () => {
  await using app = await openTestApp();
  await enrollSubscribers(app, ['ada@example.org'], { topics: ['math.CO'] });
  for (const address of ['ada@example.org', 'bea@example.org'])
    await askSignUp(app, app.secrets, {
      ...VISITOR,
      address,
      days: WEEKLY,
      topics: ['tides', 'cs.CL', '-soup'],
    });
  await settleSignUps(app);
  expect(await findByAddress(app.store.db, 'bea@example.org')).toMatchObject({
    state: 'pending',
    topics: ['tides', 'cs.CL', '-soup'],
    days: WEEKLY,
  });
  expect((await findByAddress(app.store.db, 'ada@example.org'))?.topics).toEqual(['math.CO']);
});
