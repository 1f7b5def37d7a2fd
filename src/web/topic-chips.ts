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
const MOST = 18;

/**
 * Topics that the preferences page offers to tap: the subjects that the newsletter's sources are asked for, and those of
 * machine learning where a source is about it.
 */
export function offeredTopics(sources: readonly SourceSpec[]): readonly string[] {
  const isLearning = sources.some(
    ({ kind, argument }) => kind === 'huggingface' || /\bcs\.(?:AI|CL|CV|LG|RO)\b/.test(argument),
  );
  const subjects = sources.flatMap(({ kind, argument }) => {
    if (kind === 'arxiv') return argument.split('+');
    const isPreprints = kind === 'biorxiv' || kind === 'medrxiv';
    return isPreprints ? argument.split('+').map((subject) => subject.replaceAll('_', ' ')) : [];
  });
  const named = subjects.filter((subject) => subject !== '' && subject !== 'all');
  return [...new Set([...(isLearning ? LEARNING : []), ...named])].slice(0, MOST);
}
