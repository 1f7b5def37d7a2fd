/** Code points that a terminal acts on, turn the direction of writing, or take no room: first and last of each range. */
const ACTING = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
] as const;

/** What a terminal would not just show, as hexadecimal numbers. */
export function actingIn(text: string): string[] {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const found = points.filter((point) => ACTING.some(([first, last]) => point >= first && point <= last));
  return [...new Set(found)].map((point) => point.toString(16));
}

/** What would take over a terminal: ESC, C1, DEL, BEL, a carriage return, marks of direction, what takes no room. */
export const HOSTILE_TEXT = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u007f\r\u202e\u2066\u200b';
