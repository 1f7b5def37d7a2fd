import type { Core } from '../core.ts';
import { arxivId, arxivIdIn } from '../domain/arxiv-id.ts';
import { Fault } from '../domain/fault.ts';
import type { OwnPicks } from '../domain/issue.ts';
import type { Languages } from '../domain/language.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { findIssue } from '../ledger/issues.ts';
import { requireByAddress } from '../subscribers/subscribers-table.ts';
import type { Edition } from './find-edition.ts';
import { picksForSubscriber } from './personal-issue.ts';
import { draft } from './publish.ts';
import { rankEdition } from './rank-edition.ts';

export type Explained = {
  readonly candidate: RankedPaper;
  /** Among those that no earlier issue has had, from 1; 0 when one has had it. */
  readonly place: number;
  readonly had: boolean;
};

/** One candidate of an edition. @param name its arXiv id, DOI, link or our own id @throws Fault PAPER_UNKNOWN */
export async function explain(core: Core, edition: Edition, name: string): Promise<Explained> {
  const { ranked, allCandidates } = await rankEdition(core, edition);
  const ids = idsOf(name);
  const isIt = ({ paper }: RankedPaper) => paper.aliases.some((alias) => ids.includes(alias.toLowerCase()));
  const index = ranked.findIndex(isIt);
  const candidate = ranked[index] ?? allCandidates.find(isIt);
  if (candidate) return { candidate, place: index + 1, had: index < 0 };
  throw new Fault(
    'PAPER_UNKNOWN',
    `${name} is not among the ${allCandidates.length} candidates of ${edition.date}.`,
    'Candidates are the last seven days of the sources; "offprint fetch" reads them.',
  );
}

function idsOf(name: string): string[] {
  const text = name.trim().toLowerCase();
  const arxiv = arxivIdIn(text) ?? arxivId(text);
  const doi = /10\.\d{4,9}\/\S+/.exec(text)?.[0];
  return [text, arxiv && `arxiv:${arxiv}`, doi && `doi:${doi}`].filter(
    (id) => id !== undefined && id !== '',
  ) as string[];
}

/** What a subscriber gets of an edition, or would get if it were frozen now. @throws Fault SUBSCRIBER_UNKNOWN */
export async function rankingFor(
  core: Core,
  languages: Languages,
  edition: Edition,
  address: string,
): Promise<OwnPicks> {
  const subscriber = await requireByAddress(core.store.db, address);
  const frozen = (await findIssue(core.store.db, edition.kind, edition.date))?.issue;
  const issue =
    frozen ?? draft(core.config, languages, edition, (await rankEdition(core, edition)).ranked, 0);
  return (await picksForSubscriber(core, issue, subscriber)) ?? { picks: issue.picks, matches: [] };
}
