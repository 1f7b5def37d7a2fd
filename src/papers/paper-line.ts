import type { Paper } from '../domain/paper.ts';
import type { PaperLine, Summaries } from '../domain/summary.ts';
import { excerptOf, firstSentences } from './excerpt/excerpt.ts';

/** What a mail has room for, in characters. */
const LONGEST = 280;
/** A summary of fewer characters says nothing. */
const SHORTEST = 20;

/**
 * What a paper does in one or two sentences, and whose words they are; `undefined` where
 * there are none or none are wanted.
 * @param paper its texts are plain and on one line
 * @param longest in characters
 */
export function paperLine(
  { title, abstract, summary }: Pick<Paper, 'title' | 'abstract' | 'summary'>,
  summaries: Summaries,
  longest = LONGEST,
): PaperLine | undefined {
  if (summaries === 'off') return undefined;
  if (summaries === 'source' && summary !== undefined && summary.text.length >= SHORTEST)
    return { text: firstSentences(summary.text, longest), origin: 'source', by: summary.by };
  const text = excerptOf(abstract, title, longest);
  return text === '' ? undefined : { text, origin: 'extract', by: '' };
}
