import type { Context } from 'hono';
import type { Core } from '../core.ts';
import { type FoundPaper, MOST_FOUND } from '../domain/known-paper.ts';
import type { Words } from '../domain/language.ts';
import {
  hasTerms,
  interestsOf,
  isEverything,
  MAX_LETTERS,
  MAX_PHRASE_WORDS,
  MAX_QUERY_WORDS,
  parsePaperQuery,
} from '../domain/paper-query.ts';
import { type PaperStanding, standingsOf } from '../papers/paper-standing.ts';
import { shortDate } from './calendar.ts';
import { searchBusy } from './error-page.ts';
import { paperLineView } from './paper-card.ts';
import { explainMiss, search } from './paper-search.ts';
import type { WebTools } from './web-tools.ts';

const PAGE = 20;
const LAST_PAGE = Math.ceil(MOST_FOUND / PAGE);

/** `/papers?q=`: the same for every visitor. */
export async function searchPage(c: Context, core: Core, { pages, searchGate }: WebTools): Promise<Response> {
  const typed = (c.req.query('q') ?? '').trim();
  const query = parsePaperQuery(typed);
  const line = typed.slice(0, MAX_LETTERS);
  const order = c.req.query('order') === 'new' || !hasTerms(query) ? 'new' : 'best';
  const page = Math.min(LAST_PAGE, Math.max(1, Math.floor(Number(c.req.query('page'))) || 1));
  const found = await search(core, searchGate, query, { order, limit: PAGE, offset: (page - 1) * PAGE });
  if (found === 'busy') return searchBusy(c, pages);
  const { total } = found;
  const standings = await standingsOf(
    core.store.readOnly,
    found.found.map(({ paper }) => paper),
  );
  const missed = total === 0 ? await explainMiss(core, searchGate, query) : [];
  const address = (change: Record<string, string>) =>
    `?${new URLSearchParams({ q: line, ...(order === 'new' && hasTerms(query) && { order }), ...change })}`;
  const interests = interestsOf(query);
  const words = pages.wordsOf();
  return c.html(
    pages.renderShared('search', {
      title: line === '' ? words.say('search.all') : words.say('search.title', { line }),
      line,
      everything: isEverything(query),
      cut: query.cut && words.say('search.cut', { words: MAX_QUERY_WORDS, phrase: MAX_PHRASE_WORDS }),
      count: words.say(total >= MOST_FOUND ? 'search.countMore' : 'search.count', { count: total }),
      papers: found.found.map((one) => foundView(one, standings.get(one.paper.id), words)),
      missed: missed.map(({ word, count }) => missView(word, count, words)),
      byNew: order === 'new',
      canOrder: hasTerms(query) && total > 1,
      orderBest: `?${new URLSearchParams({ q: line })}`,
      orderNew: `?${new URLSearchParams({ q: line, order: 'new' })}`,
      previous: page > 1 ? address({ page: String(page - 1) }) : '',
      next: page * PAGE < total ? address({ page: String(page + 1) }) : '',
      feed: `?${new URLSearchParams({ q: line })}`,
      interests,
      signUp: { email: '', problem: '', topics: interests.join('\n') },
    }),
  );
}

function foundView(
  { paper, title, excerpt }: FoundPaper,
  { votes, issue }: PaperStanding = {},
  words: Words,
) {
  return {
    ...paperLineView(paper, words),
    marked: title,
    excerpt,
    votes: votes ? words.say('paper.votes', { count: votes }) : '',
    issue: issue ?? '',
    issueInWords: issue ? words.say('paper.issueOf', { day: shortDate(words, issue) }) : '',
  };
}

/** A word of a search that found nothing, and how many papers it alone would find. */
function missView(word: string, count: number, words: Words) {
  return {
    word,
    found: count === 0 ? '' : words.say('search.count', { count }),
    search: `?${new URLSearchParams({ q: word.includes(' ') ? `"${word}"` : word })}`,
  };
}
