import { clearLine, cursorTo } from 'node:readline';
import { printableLine } from '../domain/printable.ts';

/** Where a person watches. */
export type Terminal = NodeJS.WritableStream & { readonly columns?: number };

export type ProgressLine = {
  /** @param part done, from 0 to 1 */
  draw(part: number, text: string): void;
  /** Leaves a last line. */
  end(text: string): void;
};

const BAR = 20;
/** Of a terminal that does not say how wide it is. */
const USUAL_WIDTH = 80;

/**
 * One line of a terminal, written over each time; nothing without one. It only writes: a bar that reads keys, too, would keep
 * Ctrl-C from the program, which has mails to finish.
 */
export function progressLine(terminal: Terminal | undefined): ProgressLine {
  if (!terminal) return { draw: () => {}, end: () => {} };
  let drawn = false;
  const write = (text: string, after: string) => {
    const width = terminal.columns || USUAL_WIDTH;
    cursorTo(terminal, 0);
    terminal.write(printableLine(text).slice(0, width - 1));
    clearLine(terminal, 1);
    terminal.write(after);
  };
  return {
    draw: (part, text) => {
      drawn = true;
      const full = Math.round(Math.min(1, Math.max(0, part)) * BAR);
      // The cursor waits at the beginning, where a line of the log may begin.
      write(`${'━'.repeat(full)}${'─'.repeat(BAR - full)}  ${text}`, '\r');
    },
    end: (text) => {
      if (drawn) write(text, '\n');
    },
  };
}
