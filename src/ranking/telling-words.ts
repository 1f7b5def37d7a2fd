import type { Model } from './model.ts';
import { countWords, termScore } from './text.ts';

const MOST = 3;
/** What is shorter is hardly a subject. */
const SHORTEST = 4;

/** The words of a title that speak most for many subscribers, by the weights of the prior; the strongest first. */
export function tellingWords(title: string, model: Model): string[] {
  const words = new Map(
    (title.match(/[\p{L}\d][\p{L}\d-]+/gu) ?? []).map((word) => [word.toLowerCase(), word]),
  );
  return [...words.values()]
    .filter((word) => word.length >= SHORTEST)
    .map((word) => ({ word, score: termScore(countWords(word, ''), model.words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ word }) => word);
}
