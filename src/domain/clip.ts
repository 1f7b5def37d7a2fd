const CHARACTERS = new Intl.Segmenter();
/** Looking back keeps it from trying a long run again from each of its characters. */
const LOOSE_END = /(?<![\s,;:.–—-])[\s,;:.–—-]+$/u;

/** Scripts written without spaces, whose characters are two columns wide: a line may break at each. */
export const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ALL_WIDE = new RegExp(WIDE.source, 'gu');

/** The text itself if it has at most `limit` UTF-16 units, otherwise as many whole words with an ellipsis. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = text.slice(0, limit);
  const space = room.lastIndexOf(' ');
  const kept = space > limit / 2 ? room.slice(0, space) : wholeCharacters(text, limit - 1);
  return `${kept.replace(LOOSE_END, '')}…`;
}

function wholeCharacters(text: string, limit: number): string {
  let kept = '';
  // The slice keeps the segmenter from reading on through a long text; its last character may be broken.
  for (const { segment } of CHARACTERS.segment(text.slice(0, limit + 32))) {
    if (kept.length + segment.length > limit) break;
    kept += segment;
  }
  return kept;
}

/** How many of its characters are two columns wide. */
export function wideCharacters(text: string): number {
  return text.match(ALL_WIDE)?.length ?? 0;
}
