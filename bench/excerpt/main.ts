// How often an excerpt says what its paper did: npm run bench:excerpt [-- --fit] [-- --show]
// Needs titles and abstracts of daily papers beside the checkout (--data DIR); labels.json holds places, no text.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ExcerptWeights, excerptOf } from '../../src/papers/excerpt/excerpt.ts';
import { sentencesOf } from '../../src/papers/excerpt/sentences.ts';
import { fitWeights, type Label } from './fit.ts';
import { type KnownAbstract, readAbstracts } from './papers.ts';

const WEIGHTS = join(import.meta.dirname, '../../src/papers/excerpt/excerpt.json');
const { values } = parseArgs({
  options: { data: { type: 'string' }, fit: { type: 'boolean' }, show: { type: 'boolean' } },
});
const labels: Record<'fit' | 'held', Record<string, Label>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'labels.json'), 'utf8'),
);
const papers = readAbstracts(values.data);
const weights: ExcerptWeights = values.fit
  ? fitWeights(labels.fit, papers)
  : JSON.parse(readFileSync(WEIGHTS, 'utf8'));
if (values.fit) writeFileSync(WEIGHTS, `${JSON.stringify(weights, null, 2)}\n`);
console.table({
  'fitted on': measure(labels.fit),
  'held out': measure(labels.held),
  'held out, the beginning instead': measure(labels.held, ({ abstract }) => abstract.slice(0, 280)),
});

type Excerpt = (paper: KnownAbstract) => string;

function measure(
  labelled: Readonly<Record<string, Label>>,
  excerpt: Excerpt = ({ abstract, title }) => excerptOf(abstract, title, 280, weights),
) {
  let [contribution, either, result, length, longest] = [0, 0, 0, 0, 0];
  const entries = Object.entries(labelled);
  for (const [id, label] of entries) {
    const paper = papers.get(id);
    if (paper === undefined) throw new Error(`${id} is not in the data`);
    const shown = excerpt(paper);
    const says = (starts: readonly number[]) => starts.some((start) => holds(shown, paper.abstract, start));
    if (says(label.contribution)) contribution++;
    if (says(label.result)) result++;
    if (says(label.contribution) || says(label.result)) either++;
    if (values.show && !says(label.contribution)) console.log(`${id} ${shown}\n`);
    length += shown.length;
    longest = Math.max(longest, shown.length);
  }
  const share = (count: number) => `${((100 * count) / entries.length).toFixed(1)} %`;
  return {
    abstracts: entries.length,
    contribution: share(contribution),
    'contribution or result': share(either),
    result: share(result),
    'mean length': Math.round(length / entries.length),
    longest,
  };
}

/** Whether the excerpt has the larger part of what the sentence that begins there says: its opening may be left out. */
function holds(shown: string, abstract: string, start: number): boolean {
  const sentence = sentencesOf(abstract).find((one) => one.start === start)?.text ?? '';
  const pieces = sentence.match(/.{1,30}/gs) ?? [];
  return pieces.filter((piece) => shown.includes(piece)).length >= Math.min(pieces.length / 2, 3);
}
