import { expect, test } from 'vitest';
import { enrollSubscribers } from '../support/app.ts';
import { listed } from '../support/feeds.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { cli } from './fake-host.ts';

/** Nine papers, the last of them on tidal gardens, read but not frozen. */
async function readRoom() {
  const room = await openNewsroom();
  room.feeds.state.days = {
    '2026-08-18': Array.from({ length: 9 }, (_, index) =>
      listed(`2608.1000${index + 1}`, {
        title: index === 8 ? 'Tidal gardens at night' : `Slow clocks, hand ${index + 1}`,
        upvotes: 90 - 10 * index,
        day: '2026-08-18',
      }),
    ),
  };
  await cli(room.app, 'fetch');
  return room;
}

test('rank prints the candidates with score, parts and reasons, as text and as JSON', async () => {
  await using room = await readRoom();
  const { out, code } = await cli(room.app, 'rank', '--date', '2026-08-19');
  expect(code).toBe(0);
  expect(out).toMatch(/Candidates of 2026-08-19: 9, 9 of them new/);
  expect(out).toMatch(/1 .*arxiv:2608.10001 .*votes \+\d.*90 upvotes/);
  const { candidates } = JSON.parse((await cli(room.app, 'rank', '--date', '2026-08-19', '--json')).out);
  for (const { score, parts } of candidates) {
    const sum = Object.values(parts as Record<string, number>).reduce((total, part) => total + part, 0);
    expect(Math.exp(sum)).toBeCloseTo(score, 6);
  }
});

test.each(['2608.10009', 'https://arxiv.org/abs/2608.10009v2', 'arxiv:2608.10009'])(
  'rank --explain %s says what made the score',
  async (name) => {
    await using room = await readRoom();
    const { out } = await cli(room.app, 'rank', '--date', '2026-08-19', '--explain', name);
    expect(out).toContain('Tidal gardens at night (arxiv:2608.10009)');
    expect(out).toMatch(/Rank \d of the candidates/);
    expect(out).toMatch(/votes +\+\d/);
    expect(out).toContain('10 upvotes');
  },
);

test('rank --explain of a paper that is no candidate says so', async () => {
  await using room = await readRoom();
  const { code, err } = await cli(room.app, 'rank', '--explain', '2001.00001');
  expect(code).toBe(1);
  expect(err).toContain('[PAPER_UNKNOWN]');
});

test('rank --for a reader shows their picks with the matching words', async () => {
  await using room = await readRoom();
  await enrollSubscribers(room.app, ['ada@example.org'], { topics: ['tidal garden', '-hand 1'] });
  const { out } = await cli(room.app, 'rank', '--date', '2026-08-19', '--for', 'ada@example.org');
  const lines = out.split('\n');
  expect(lines.findIndex((line) => line.includes('Tidal gardens'))).toBeLessThan(6);
  expect(out).toContain('matches “tidal garden”');
  expect(out).not.toContain('Slow clocks, hand 1 ');
  const { err } = await cli(room.app, 'rank', '--for', 'nobody@example.org');
  expect(err).toContain('[SUBSCRIBER_UNKNOWN]');
});
