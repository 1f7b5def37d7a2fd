const MOST_TOPICS = 50;
const LONGEST = 120;

/**
 * Reads the topics that a reader typed, one a line: an arXiv link after `like:`, or alone, becomes `like:ID`, and what
 * is said twice is kept once.
 */
export function checkTopics(lines: readonly string[]): { topics: string[]; problems: string[] } {
  const topics = new Map<string, string>();
  const problems: string[] = [];
  for (const line of lines) {
    const topic = tidy(line);
    const problem = problemOf(topic);
    if (problem !== '') problems.push(`“${line.slice(0, 40)}”: ${problem}`);
    else topics.set(topic.toLowerCase(), topic);
  }
  if (topics.size > MOST_TOPICS) problems.push(`More than ${MOST_TOPICS} are too many to follow.`);
  return { topics: [...topics.values()], problems };
}

function tidy(line: string): string {
  const text = line.normalize('NFC').replace(/\s+/g, ' ').trim();
  const link = /^(-?)(?:like:\s*)?(?:https?:\/\/)?(?:www\.)?arxiv\.org\/(?:abs|pdf|html)\/([^\s?#]+)/i.exec(
    text,
  );
  if (link) return `${link[1]}like:${link[2]?.replace(/\.pdf$/, '').replace(/v\d+$/, '')}`;
  return text.replace(/^(-?)(like|author):\s*/i, (_, minus, name) => `${minus}${name.toLowerCase()}:`);
}

function problemOf(topic: string): string {
  const text = topic.replace(/^-/, '');
  if (text.length > LONGEST) return `longer than ${LONGEST} characters.`;
  if (/\p{Cc}/u.test(text) || text.includes(';')) return 'it has characters that no topic can have.';
  if (!/[\p{L}\p{N}]/u.test(text)) return 'it has no letter.';
  if (!text.startsWith('like:')) return /^author:\s*$/.test(text) ? 'whose papers?' : '';
  return /^like:(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})$/.test(text)
    ? ''
    : 'a paper is named like 2510.01234, or by its arXiv link.';
}
