import { MOST_TOPICS, parseInterest, type Topic } from './interest.ts';

/** What a subscriber says of one paper; `none` takes back what they said before. */
export type Feedback = 'more' | 'less' | 'none';

/**
 * A subscriber's topics after they have said of a paper that they want more, or less, like it. Both cannot stand
 * beside each other: the last word counts. When the list is full the oldest liked or muted paper makes room,
 * never a topic that was typed as words.
 * @param topics as in a `Profile`, the oldest first
 * @param arxivId bare, `2510.01234`
 * @returns undefined when the list is full of other topics
 */
export function withFeedback(
  topics: readonly string[],
  arxivId: string,
  feedback: Feedback,
): readonly string[] | undefined {
  const others = topics.filter((topic) => paperIn(topic) !== arxivId);
  if (feedback === 'none') return others;
  if (others.length >= MOST_TOPICS) {
    const oldest = others.findIndex((topic) => paperIn(topic) !== undefined);
    if (oldest < 0) return undefined;
    others.splice(oldest, 1);
  }
  return [...others, feedback === 'more' ? `like:${arxivId}` : `-like:${arxivId}`];
}

/** What a subscriber's topics say of a paper. */
export function feedbackOn(topics: readonly string[], arxivId: string): Feedback {
  const { wanted, muted } = parseInterest(topics).interest;
  const isIt = ({ kind, key }: Topic) => kind === 'like' && key === arxivId;
  if (muted.some(isIt)) return 'less';
  return wanted.some(isIt) ? 'more' : 'none';
}

function paperIn(topic: string): string | undefined {
  const { wanted, muted } = parseInterest([topic]).interest;
  return [...wanted, ...muted].find(({ kind }) => kind === 'like')?.key;
}
