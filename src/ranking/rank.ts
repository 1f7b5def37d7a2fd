import { candidateTest } from '../domain/candidates.ts';
import type { Day } from '../domain/day.ts';
import type { SeenEntry } from '../domain/entry.ts';
import type { Paper, RankedPaper, ScoreParts } from '../domain/paper.ts';
import { finish, type Steps } from '../domain/slices.ts';
import type { SourceSpec } from '../domain/source.ts';
import type { Instant } from '../domain/time.ts';
import { calibrate } from './calibrate.ts';
import { crowdPlaces } from './crowd.ts';
import { DEFAULT_MODEL } from './default-model.ts';
import { mergeSteps } from './merge.ts';
import type { Model } from './model.ts';
import { priorOf } from './prior.ts';
import { type Grounds, reasonsFor } from './reasons.ts';
import { sameGroup } from './same-group.ts';
import { partsOf, type ScoreBaseline } from './score.ts';
import { tellingWords } from './telling-words.ts';

/** Papers of one step: some milliseconds of work. */
const STEP = 1000;

/** The papers that an issue of the date, frozen at `asOf`, may choose from. */
export function candidates(entries: readonly SeenEntry[], date: Day, asOf: Instant): Paper[] {
  return finish(candidateSteps(entries, date, asOf));
}

/** {@link candidates} in steps. */
export function* candidateSteps(entries: readonly SeenEntry[], date: Day, asOf: Instant): Steps<Paper[]> {
  const merged = yield* mergeSteps(entries.filter(candidateTest(date, asOf)));
  return merged.map(({ paper }) => paper);
}

/**
 * Orders papers for an issue, the best first; equal scores by age, then by id, so that the same papers
 * always come out in the same order. Scores are expected upvotes, in one unit for all sources.
 * @param had ids of papers that earlier issues of the kind have had: they are left out
 * @param sources their weights and labels; a source that is not there weighs 1
 */
export function rank(
  papers: readonly Paper[],
  asOf: Instant,
  alreadySent: ReadonlySet<string>,
  sources: readonly SourceSpec[] = [],
  model: Model = DEFAULT_MODEL,
): RankedPaper[] {
  return finish(rankSteps(papers, asOf, alreadySent, sources, model));
}

/** {@link rank} in steps. */
export function* rankSteps(
  papers: readonly Paper[],
  asOf: Instant,
  alreadySent: ReadonlySet<string>,
  sources: readonly SourceSpec[] = [],
  model: Model = DEFAULT_MODEL,
): Steps<RankedPaper[]> {
  const specs = new Map(sources.map((spec) => [spec.name, spec]));
  const priors: number[] = [];
  for (const paper of papers) {
    if (priors.length % STEP === STEP - 1) yield;
    priors.push(priorOf(paper, paper.features, model));
  }
  // Papers that issues had are calibrated with: what is left of a source must not become its average.
  const standings = calibrate(papers, priors, model);
  yield;
  const wasSent = ({ aliases }: Paper) => aliases.some((id) => alreadySent.has(id));
  const crowd = crowdPlaces(papers);
  const groupOf = sameGroup(papers.filter(wasSent));
  const ranked: RankedPaper[] = [];
  for (const [index, paper] of papers.entries()) {
    if (index % STEP === STEP - 1) yield;
    if (wasSent(paper)) continue;
    const grounds = { crowd: crowd.get(paper.id), group: groupOf(paper)?.title };
    const one = rankOne(paper, standings[index] as ScoreBaseline, asOf, specs, model, grounds);
    // One score that is no number would leave all of them in no order.
    if (Number.isFinite(one.score)) ranked.push(one);
  }
  return ranked.sort(
    (a, b) => b.score - a.score || b.paper.since - a.paper.since || (a.paper.id < b.paper.id ? -1 : 1),
  );
}

/** A paper that several sources carry has the weight of the heaviest and the label of the first that has one. */
function rankOne(
  paper: Paper,
  standing: ScoreBaseline,
  asOf: Instant,
  specs: ReadonlyMap<string, SourceSpec>,
  model: Model,
  grounds: Pick<Grounds, 'crowd' | 'group'>,
): RankedPaper {
  const carriers = paper.sources.flatMap((name) => specs.get(name) ?? []);
  const weight = carriers.length > 0 ? Math.max(...carriers.map((spec) => spec.weight ?? 1)) : 1;
  const label = carriers.find((spec) => spec.label)?.label;
  const parts: ScoreParts = { ...partsOf(paper, standing, asOf, model), weight: Math.log(weight) };
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  return {
    paper,
    score: Math.exp(sum),
    reasons: reasonsFor(paper, asOf, {
      ...grounds,
      label,
      content: parts.content,
      words: () => tellingWords(paper.title, model),
    }),
    parts,
  };
}
