import { normalized } from '../domain/unicode.ts';
import { MOST_TOPICS, parseInterest, type Topic } from '../rank/interest.ts';

/**
 * Reads the topics that a reader typed, one a line, as they are kept and in their order: an arXiv link becomes
 * `like:ID`, and what is said twice is kept once. A topic with a semicolon would be two in a list.
 */
export function checkTopics(lines: readonly string[]): { topics: string[]; problems: string[] } {
  const topics = new Map<string, string>();
  const problems: string[] = [];
  for (const line of lines) {
    const text = normalized(line, 'NFC')
      .replace(/[\s;]+/g, ' ')
      .trim();
    if (text === '') continue;
    const { interest, problems: found } = parseInterest([text]);
    for (const { message } of found) problems.push(`${message}.`);
    for (const topic of interest.wanted) topics.set(`${topic.kind}:${topic.key}`, asText(topic));
    for (const topic of interest.muted) topics.set(`-${topic.kind}:${topic.key}`, `-${asText(topic)}`);
  }
  if (topics.size > MOST_TOPICS) problems.push(`More than ${MOST_TOPICS} are too many to follow.`);
  return { topics: [...topics.values()], problems };
}

/** What `parseInterest` reads as the same topic. */
function asText({ kind, key, label }: Topic): string {
  if (kind === 'like') return `like:${key}`;
  return kind === 'author' ? `author:${label}` : label;
}
