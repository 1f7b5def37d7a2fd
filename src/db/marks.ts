import type { MarkedText } from '../domain/known-paper.ts';

/** What a search engine puts around a hit: private-use characters, which papers do not contain. */
export const HIT = '\ue000';
export const END = '\ue001';

/** Reads a text with marks; a mark without its other half marks nothing. */
export function readMarks(text: string): MarkedText {
  const pieces = text.split(/(\ue000[^\ue000\ue001]*\ue001)/);
  return pieces.flatMap((piece) => {
    const bare = piece.replace(/[\ue000\ue001]/g, '');
    return bare === '' ? [] : [{ text: bare, hit: piece.startsWith(HIT) }];
  });
}
