import { normalized } from '../domain/unicode.ts';
import { LONGEST_TOPIC, MOST_TOPICS, parseInterest, type Topic } from '../ranking/interest.ts';

/** Leaves room for repeated and invalid topics; further lines are not read. */
const MOST_LINES = 4 * MOST_TOPICS;

/**
 * Reads the topics that a subscriber typed, one a line, as they are kept and in their order: an arXiv link becomes
 * `like:ID`, and what is said twice is kept once. A topic with a semicolon would be two in a list. The work
 * and the result are bounded, however much was typed.
 */
export function checkTopics(lines: readonly string[]): { topics: string[]; problems: string[] } {
  const topics = new Map<string, string>();
  const problems: string[] = [];
  const texts = lines.slice(0, MOST_LINES + 1).flatMap((line) => readLine(line, problems));
  for (const text of texts) {
    const { interest, problems: found } = parseInterest([text]);
    for (const { message } of found) problems.push(`${message}.`);
    for (const topic of interest.wanted) topics.set(`${topic.kind}:${topic.key}`, asText(topic));
    for (const topic of interest.muted) topics.set(`-${topic.kind}:${topic.key}`, `-${asText(topic)}`);
  }
  if (topics.size > MOST_TOPICS || lines.length > MOST_LINES)
    problems.push(`More than ${MOST_TOPICS} are too many to follow.`);
  return { topics: [...topics.values()].slice(0, MOST_TOPICS), problems };
}

/** Cleans one line. */
function readLine(line: string, problems: string[]): string[] {
  const typed = line.trim();
  if (typed.replace(/^[-−–]\s*/, '').length > LONGEST_TOPIC) {
    const start = JSON.stringify(typed.slice(0, 40));
    problems.push(`${start}… is too long, expected at most ${LONGEST_TOPIC} characters.`);
    return [];
  }
  const text = normalized(typed, 'NFC')
    .replace(/[\s;]+/g, ' ')
    .trim();
  return text === '' ? [] : [text];
}

/** What `parseInterest` reads as the same topic. */
function asText({ kind, key, label }: Topic): string {
  if (kind === 'like') return `like:${key}`;
  return kind === 'author' ? `author:${label}` : label;
}
