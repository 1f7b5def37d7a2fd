import { clip } from './plain-text.ts';
import { width } from './wrap.ts';

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });

const LONGEST = 400;
/** A kept beginning shorter than this says too little: the next sentence is begun as well. */
const SHORTEST = 140;

/** Ends of segments that look like the end of a sentence and are none. */
const ABBREVIATION =
  /(?:^|[\s(])(?:al|e\.g|i\.e|cf|vs|w\.r\.t|resp|approx|Figs?|Eqs?|Secs?|Tab|No|Dr|Prof|St|\p{Lu})\.\s*$/u;

/**
 * The beginning of an abstract: as many whole sentences as fit in some 400 characters; where the
 * first ones are too long for that, whole words and an ellipsis.
 */
export function excerpt(abstract: string): string {
  // A Chinese or Japanese character says about as much as two Latin ones.
  const scale = width(abstract) > abstract.length * 1.5 ? 0.5 : 1;
  const longest = LONGEST * scale;
  if (abstract.length <= longest) return abstract;
  let kept = '';
  for (const sentence of sentences(abstract.slice(0, longest * 2))) {
    if (kept.length + sentence.trimEnd().length > longest) break;
    kept += sentence;
  }
  return kept.length >= SHORTEST * scale ? kept.trimEnd() : clip(abstract, longest);
}

function sentences(text: string): string[] {
  const found: string[] = [];
  for (const { segment } of SENTENCES.segment(text)) {
    const last = found.at(-1);
    if (last !== undefined && ABBREVIATION.test(last)) found[found.length - 1] = last + segment;
    else found.push(segment);
  }
  return found;
}
