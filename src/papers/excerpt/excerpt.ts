import { clip, wideCharacters } from '../../domain/clip.ts';
import FITTED from './excerpt.json' with { type: 'json' };
import { type SentenceFeatures, sentenceFeatures } from './sentence-features.ts';
import { type Sentence, sentencesOf } from './sentences.ts';

/** Weights by the names of the features, and `bias`: fitted by `bench/excerpt`, as logits. */
export type Weights = Readonly<Record<string, number>>;
export type ExcerptWeights = { readonly contribution: Weights; readonly result: Weights };

/** A sentence less likely than this (as a logit) says neither what was done nor what came out. */
const LEAST = -3;
/** How much less likely a sentence that fits may be than one that has to be cut. */
const RATHER_WHOLE = 1.2;
/** A long sentence may begin later than it does: after what it is for. */
const OPENING =
  /^(?:However, |But |Yet, |Thus, |Therefore, |(?:To|In|Motivated|Inspired|Based|Building|As|With|By|For|While|Although|Unlike|Rather|Drawing)\b[^,;]{3,160}, )(?=(?:we|this|here|the|our|it)\b|\p{Lu}[\w-]+ )/u;
/** In characters. What follows is no abstract, and must not cost more. */
const LONGEST_ABSTRACT = 6000;
const NEVER_FIRST = /^(?:However|But|Yet|Nevertheless|Nonetheless)\b,?\s*/;

/**
 * What a paper does, in its own words: the sentence of the abstract that says its contribution and, where there is room,
 * the one with its result; its beginning where no sentence says either. Of a structured abstract the conclusions and the
 * results. Sentences stand as they are; "…" marks what is left out before, between or at the end of them.
 * @param abstract one line of plain text
 * @param title of the same paper
 * @param longest in characters; a Chinese or Japanese one counts as two
 */
export function excerptOf(
  abstract: string,
  title: string,
  longest: number,
  weights: ExcerptWeights = FITTED,
): string {
  const room = wideCharacters(abstract) > abstract.length / 2 ? Math.floor(longest / 2) : longest;
  if (abstract.length <= room && !NEVER_FIRST.test(abstract)) return abstract;
  const sentences = sentencesOf(abstract.slice(0, LONGEST_ABSTRACT));
  const chosen = choose(sentences, title, room, weights);
  return chosen.length === 0 ? beginning(sentences, room) : joined(sentences, chosen, room);
}

/** As many whole sentences from the first as fit in so many characters, otherwise as many words. */
export function firstSentences(text: string, longest: number): string {
  return text.length <= longest ? text : beginning(sentencesOf(text.slice(0, LONGEST_ABSTRACT)), longest);
}

/** The places of the sentences that are shown. */
function choose(
  sentences: readonly Sentence[],
  title: string,
  room: number,
  weights: ExcerptWeights,
): readonly number[] {
  const features = sentenceFeatures(sentences, title);
  const contribution = features.map(
    (one, index) => scoreOf(one, weights.contribution) + sectionBonus(sentences[index]),
  );
  const result = features.map((one, index) => scoreOf(one, weights.result) + resultBonus(sentences[index]));
  const main = best(sentences, contribution, room) ?? best(sentences, result, room);
  if (main === undefined) return [];
  const left = room - joined(sentences, [main], room).length;
  const second = result
    .map((score, index) => ({ score, index }))
    .filter(({ score, index }) => index !== main && score > 0 && whole(sentences, main, index) <= left)
    .sort((one, other) => other.score - one.score)[0];
  return second === undefined ? [main] : [main, second.index].sort((one, other) => one - other);
}

/** Characters that another sentence takes beside the first. */
function whole(sentences: readonly Sentence[], main: number, index: number): number {
  const gap = Math.abs(main - index) === 1 ? 1 : 3;
  return (sentences[index]?.text.length ?? 0) + gap + (index < main ? 2 : 0);
}

function scoreOf(features: SentenceFeatures, weights: Weights): number {
  let sum = weights.bias ?? 0;
  for (const [name, value] of Object.entries(features)) sum += value * (weights[name] ?? 0);
  return sum;
}

const BY_SECTION = { background: -6, methods: -3, results: 0, conclusions: 6 } as const;

function sectionBonus(sentence: Sentence | undefined): number {
  return sentence?.section === undefined ? 0 : BY_SECTION[sentence.section];
}

function resultBonus(sentence: Sentence | undefined): number {
  if (sentence?.section === undefined) return 0;
  return sentence.section === 'results' ? 4 : -6;
}

/** The likeliest, but rather one that fits. */
function best(sentences: readonly Sentence[], scores: readonly number[], room: number): number | undefined {
  let found: { index: number; score: number } | undefined;
  for (const [index, score] of scores.entries()) {
    const { text } = sentences[index] as Sentence;
    const fair = score - (text.length + 2 > room ? RATHER_WHOLE : 0);
    if (score >= LEAST && (found === undefined || fair > found.score)) found = { index, score: fair };
  }
  return found?.index;
}

function joined(sentences: readonly Sentence[], chosen: readonly number[], room: number): string {
  let text = '';
  for (const [turn, index] of chosen.entries()) {
    const before = turn === 0 ? -1 : (chosen[turn - 1] as number);
    const gap = index === before + 1 ? (turn === 0 ? '' : ' ') : turn === 0 ? '… ' : ' … ';
    text += gap + (sentences[index] as Sentence).text;
  }
  const opened =
    NEVER_FIRST.test(text.replace(/^… /, '')) || text.length > room ? withoutOpening(text) : text;
  return cutAtClause(opened, room);
}

/** Cuts after a comma where one is near the end, otherwise after a word. */
function cutAtClause(text: string, room: number): string {
  if (text.length <= room) return text;
  const comma = Math.max(text.lastIndexOf(', ', room - 1), text.lastIndexOf('; ', room - 1));
  return comma > room * 0.6 ? `${text.slice(0, comma)}…` : clip(text, room);
}

/** The sentence from its main clause on. */
function withoutOpening(text: string): string {
  const bare = text.replace(/^… /, '');
  const opening = OPENING.exec(bare) ?? NEVER_FIRST.exec(bare);
  return opening ? `… ${bare.slice(opening[0].length)}` : text;
}

/** As many whole sentences from the first as fit, otherwise as many words. */
function beginning(sentences: readonly Sentence[], room: number): string {
  const first = sentences[0]?.text ?? '';
  let kept = '';
  for (const { text } of sentences) {
    const longer = kept === '' ? text : `${kept} ${text}`;
    if (longer.length > room) break;
    kept = longer;
  }
  return kept.length >= room / 3 || kept.length > first.length
    ? withoutHowever(kept)
    : clip(withoutHowever(first), room);
}

function withoutHowever(text: string): string {
  return NEVER_FIRST.test(text) ? withoutOpening(text) : text;
}
