import { categoryName } from '../domain/arxiv-categories.ts';
import type { SourceSpec } from '../domain/source.ts';

/** What subscribers of lists of machine learning ask for most often, in words that papers use. */
const LEARNING = [
  'language models',
  'agents',
  'reasoning',
  'reinforcement learning',
  'diffusion',
  'vision',
  'video generation',
  'speech',
  'robotics',
  'benchmarks',
  'safety',
  'medicine',
];
/** More would be a wall of its own. */
const MOST_CHIPS = 18;
const MOST_CATEGORIES = 12;

type Sources = readonly Pick<SourceSpec, 'kind' | 'argument'>[];

/** A topic to tick, as the templates `signup` and `preferences` show it. */
export type TopicChip = { readonly value: string; readonly label: string; readonly checked: boolean };

/** Topics as boxes to tick; an arXiv category is shown by its name. */
export function topicChips(topics: readonly string[], chosen: readonly string[]): TopicChip[] {
  return topics.map((value) => ({ value, label: categoryName(value), checked: chosen.includes(value) }));
}

/** The newsletter's own categories: those of arXiv that its sources name. */
export function offeredCategories(sources: Sources): readonly string[] {
  const named = sources.flatMap(({ kind, argument }) => (kind === 'arxiv' ? argument.split('+') : []));
  return [...new Set(named)].filter(Boolean).slice(0, MOST_CATEGORIES);
}

/** Those, the subjects of other sources, and those of machine learning where a source is about it. */
export function offeredTopics(sources: Sources): readonly string[] {
  const isLearning = sources.some(
    ({ kind, argument }) => kind === 'huggingface' || /\bcs\.(?:AI|CL|CV|LG|RO)\b/.test(argument),
  );
  const subjects = sources.flatMap(({ kind, argument }) =>
    kind === 'biorxiv' || kind === 'medrxiv' ? argument.replaceAll('_', ' ').split('+') : [],
  );
  const named = [...offeredCategories(sources), ...subjects].filter(
    (subject) => subject !== '' && subject !== 'all',
  );
  return [...new Set([...(isLearning ? LEARNING : []), ...named])].slice(0, MOST_CHIPS);
}
