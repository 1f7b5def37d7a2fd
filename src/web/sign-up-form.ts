import { type Days, EVERY_DAY, WEEKLY } from '../domain/weekdays.ts';
import { checkTopics } from '../papers/topics.ts';
import { isCut } from './request-body.ts';

/** What somebody chose in the form, as typed. */
export type SignUpChoices = {
  /** Interests, one a line. */
  readonly topics: string;
  /** Categories that were ticked. */
  readonly chosen: readonly string[];
  /** `weekly`; anything else is every day. */
  readonly rhythm: string;
};

/** The interests as they are kept. What cannot be one is left out: subscribers see the others on their page. */
export function interestsIn({ topics, chosen }: SignUpChoices): readonly string[] {
  const lines = topics.split('\n');
  const whole = isCut('topics', topics) ? lines.slice(0, -1) : lines;
  return checkTopics([...whole, ...chosen].filter((line) => line.trim() !== '')).topics;
}

export function daysIn({ rhythm }: Pick<SignUpChoices, 'rhythm'>): Days {
  return rhythm === 'weekly' ? WEEKLY : EVERY_DAY;
}
