import { progress } from '@clack/prompts';

/** A bar over the mails of a run, with the rate of the last seconds and the time left. Nothing where nobody looks. */
export function sendingBar(shown: boolean, ticks: () => number) {
  let bar: ReturnType<typeof progress> | undefined;
  let total = 0;
  let done = 0;
  let marks: { at: number; done: number }[] = [];
  let drawnAt = 0;
  const draw = () => {
    const now = ticks();
    if (now - drawnAt < 200) return;
    marks = [...marks.filter(({ at }) => now - at < 10_000), { at: now, done }];
    const first = marks[0];
    const rate = first && now > first.at ? ((done - first.done) * 1000) / (now - first.at) : 0;
    const drawn = marks.length > 1 ? done - (marks.at(-2)?.done ?? 0) : done;
    bar?.advance(drawn, `${done} of ${total} · ${line(rate, total - done)}`);
    drawnAt = now;
  };
  return {
    onProgress: (planned?: number) => {
      if (!shown) return;
      if (planned === undefined) {
        done += 1;
        draw();
      } else if (planned > 0 && !bar) {
        total = planned;
        bar = progress({ max: planned });
        bar.start(`Sending ${planned} mails`);
      }
    },
    end: () => bar?.stop(`${done} of ${total} mails have their outcome`),
  };
}

function line(rate: number, left: number): string {
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
