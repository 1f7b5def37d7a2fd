import { progressLine, type Terminal } from './progress-line.ts';

/** A redraw each so many ms, and the rate of the last so many. */
const REDRAW = 200;
const RECENT = 10_000;

/**
 * A bar over the mails of a run, with the rate of the last seconds and the time left.
 * @param ticks milliseconds that only go forward
 */
export function sendingBar(terminal: Terminal | undefined, ticks: () => number) {
  const bar = progressLine(terminal);
  let total = 0;
  let done = 0;
  let marks: { at: number; done: number }[] = [];
  const draw = () => {
    const now = ticks();
    const last = marks.at(-1);
    if (last && now - last.at < REDRAW) return;
    marks = [...marks.filter(({ at }) => now - at < RECENT), { at: now, done }];
    const first = marks[0];
    const rate = first && now > first.at ? ((done - first.done) * 1000) / (now - first.at) : 0;
    bar.draw(done / total, `${done} of ${total} · ${inWords(rate, total - done)}`);
  };
  return {
    /** @param planned how many mails there will be; without it, one has its outcome */
    onProgress: (planned?: number) => {
      if (planned === undefined) done += 1;
      else total ||= planned;
      if (total > 0) draw();
    },
    end: () => bar.end(`${done} of ${total} mails are done.`),
  };
}

function inWords(rate: number, left: number): string {
  if (rate < 0.1) return 'waiting';
  const seconds = Math.ceil(Math.max(0, left) / rate);
  const time =
    seconds < 90
      ? `${seconds} s`
      : seconds < 5400
        ? `${Math.round(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`;
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s · ${time} left`;
}
