import type { Core } from '../core.ts';
import type { KnownPaper, SearchResult } from '../domain/known-paper.ts';
import type { PaperQuery } from '../domain/paper-query.ts';
import { countWords, isTooLong, searchPapers, similarPapers } from '../papers/search.ts';
import type { SearchPage } from '../papers/search-engine.ts';
import type { Gate } from './gate.ts';

/** Searches all papers ever seen. @returns `busy` when too many search at this moment */
export async function search(
  { store }: Core,
  gate: Gate,
  query: PaperQuery,
  page: SearchPage,
): Promise<SearchResult | 'busy'> {
  return (await inTime(gate, () => searchPapers(store.searches, query, page))) ?? 'busy';
}

/** Papers about the same, the nearest first; none while too many search. */
export async function similarTo(
  { store }: Core,
  gate: Gate,
  id: string,
  limit: number,
): Promise<readonly KnownPaper[]> {
  return (await inTime(gate, () => similarPapers(store.searches, id, limit))) ?? [];
}

/** Looked up each by itself; more would only be read by nobody. */
const WORDS_EXPLAINED = 6;

/** Why a search found nothing: how many papers have each of its words alone; nothing while too many search. */
export async function explainMiss(
  { store }: Core,
  gate: Gate,
  { words, phrases, authors }: PaperQuery,
): Promise<readonly { readonly word: string; readonly count: number }[]> {
  const terms = [...words, ...phrases, ...authors].slice(0, WORDS_EXPLAINED);
  return (await inTime(gate, () => countWords(store.searches, terms))) ?? [];
}

async function inTime<Result>(gate: Gate, work: () => Promise<Result>): Promise<Result | undefined> {
  return gate(work).catch((error: unknown) => {
    if (!isTooLong(error)) throw error;
    return undefined;
  });
}
