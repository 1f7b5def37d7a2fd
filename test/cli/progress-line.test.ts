import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { progressLine } from '../../src/cli/progress-line.ts';
import { sendingBar } from '../../src/cli/sending-bar.ts';
import { movingClock } from '../support/clock.ts';

/** A terminal, and what its line shows after all that was written: the way back to its beginning, and text. */
function terminal(columns: number) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns });
  let all = '';
  stream.on('data', (text: string) => {
    all += text;
  });
  const lines = () =>
    stripVTControlCharacters(all)
      .split(/[\r\n]/)
      .filter(Boolean);
  return { stream, lines, isEnded: () => all.endsWith('\n') };
}

test('a bar is one line, no wider than its terminal, also where that does not say how wide it is', () => {
  for (const [columns, most] of [
    [40, 39],
    [0, 79],
  ] as const) {
    const { stream, lines, isEnded } = terminal(columns);
    const bar = progressLine(stream);
    bar.draw(0.5, 'x'.repeat(200));
    expect(lines()[0]).toMatch(/^━{10}─{10} {2}x+$/);
    expect(lines()[0]).toHaveLength(most);
    expect(isEnded()).toBe(false);
    bar.end('done');
    expect([lines().at(-1), isEnded()]).toEqual(['done', true]);
  }
});

test('it leaves the keys alone, so that Ctrl-C is a signal', () => {
  const before = process.stdin.listenerCount('keypress');
  const signals = process.listenerCount('SIGINT');
  progressLine(terminal(80).stream).draw(0.1, 'going');
  expect([process.stdin.listenerCount('keypress'), process.listenerCount('SIGINT')]).toEqual([
    before,
    signals,
  ]);
  expect(process.stdin.isRaw).not.toBe(true);
});

test('a bar that was never drawn ends without a line', () => {
  const { stream, lines } = terminal(80);
  progressLine(stream).end('done');
  progressLine(undefined).draw(1, 'nobody looks');
  expect(lines()).toEqual([]);
});

test('the bar of a run tells how many are done, how fast it goes and how long it will take', () => {
  const { stream, lines } = terminal(100);
  const time = movingClock(0);
  const bar = sendingBar(stream, time.now);
  bar.onProgress(1000);
  for (let sent = 0; sent < 500; sent += 1) {
    time.advance(20);
    bar.onProgress();
  }
  expect(lines().at(-1)).toMatch(/^━{10}─{10} {2}500 of 1000 · 50\/s · 10 s left$/);
  bar.end();
  expect(lines().at(-1)).toBe('500 of 1000 mails are done.');
});
