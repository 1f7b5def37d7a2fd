import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readReaders, runReaders } from '../../bench/rank/readers.ts';
import { benchDays, hoursOf, type Row, readRows } from '../../bench/rank/rows.ts';
import { tempFolder } from '../support/app.ts';

function row(index: number, change: Partial<Row> = {}): Row {
  return {
    date: '2026-03-02',
    arxivId: `2603.${10_000 + index}`,
    title: `Made-up finding ${index}`,
    abstract: 'We make it up.',
    publishedAt: '2026-03-01T10:00:00Z',
    submittedAt: '2026-03-02T03:00:00Z',
    upvotes: index,
    numComments: 1,
    githubRepo: null,
    githubStars: null,
    projectPage: null,
    nAuthors: 3,
    snapshotAt: '2026-03-02T08:00:00Z',
    lagReliable: true,
    snapshotKind: 'same-day',
    ...change,
  };
}

const day = (count: number, change: Partial<Row> = {}) =>
  Array.from({ length: count }, (_, index) => row(index, change));

test('files are known by their fields, whatever their names and wherever in the folder', async () => {
  using folder = tempFolder();
  await mkdir(join(folder.path, 'sub'));
  const write = (name: string, lines: readonly object[]) =>
    writeFileSync(
      join(folder.path, name),
      gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    );
  const rated = { title: 'Rated', abstract: null, expertise: 4 };
  write('held-out.jsonl.gz', day(2));
  write('sub/another.jsonl.gz', day(1, { snapshotKind: 'late' }));
  write('sub/people.jsonl.gz', [
    { reader: 7, profile: [{ title: 'Wrote', abstract: 'It.' }], ratings: [rated] },
  ]);
  write('order.jsonl.gz', [{ snapshotAt: '', date: '2026-03-02', lagHours: 1, ids: [] }]);
  expect(readRows(folder.path)).toHaveLength(3);
  expect(readReaders(folder.path)).toHaveLength(1);
  for (const { rankings } of runReaders(readReaders(folder.path)))
    expect(rankings).toMatchObject([{ task: 'D', key: '7', scores: { 0: expect.any(Number) } }]);
});

test('a day has the papers that were reliably seen on it and have a label, at least ten, in the order of ids', () => {
  const later = { snapshotKind: 'day+1', upvotes: 40 };
  const [found, ...others] = benchDays([...day(12).reverse(), ...day(11, later)], 'day+1');
  expect(others).toEqual([]);
  expect(found?.rows.map(({ arxivId }) => arxivId)).toEqual(day(11).map(({ arxivId }) => arxivId));
  expect(found?.rows.every(({ snapshotKind }) => snapshotKind === 'same-day')).toBe(true);
  expect(found?.labels).toEqual(new Array(11).fill(40));
  expect(benchDays([...day(12), ...day(9, later)], 'day+1')).toEqual([]);
  expect(benchDays([...day(12, { lagReliable: false }), ...day(12, later)], 'day+1')).toEqual([]);
  expect(benchDays([...day(12), ...day(12, later)], 'late')).toEqual([]);
});

test('hours count from the listing where it has a time of day, else from the midnight of the date', () => {
  expect(hoursOf(row(1))).toBe(5);
  for (const submittedAt of ['2026-03-02', '2026-03-01T00:00:00.000Z', null])
    expect(hoursOf(row(1, { submittedAt }))).toBe(8);
});
