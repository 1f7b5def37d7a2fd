import { ARXIV_ARCHIVES, arxivId, arxivIdIn } from '../domain/arxiv-id.ts';
import { personName } from './names.ts';
import { isTelling, stemsOf } from './terms.ts';

type TopicKind = 'category' | 'phrase' | 'author' | 'like' | 'library';

/** One topic of a subscriber. Equal keys mean the same, however it was written. */
export type Topic = {
  readonly kind: TopicKind;
  /**
   * A category in lower case (`cs.cl`, or `cs` for all of it), stems, `family, given`, an arXiv id, or
   * a paper's name such as `doi:10.1000/x`.
   */
  readonly key: string;
  /** As the subscriber wrote it. */
  readonly label: string;
};

/**
 * What a subscriber wants to see, and does not; both in order of kind and key, nothing twice. A muted `like` is a
 * paper that never appears, and of whose kind less is wanted.
 */
export type Interest = {
  readonly wanted: readonly Topic[];
  readonly muted: readonly Topic[];
};

export type TopicProblem = {
  /** As it stands in the subscriber's list. */
  readonly topic: string;
  /** `"like:abc" names no arXiv paper, expected like:2510.01234 or a link to it` */
  readonly message: string;
};

/** Only so many topics of a subscriber are read: more would cost others their time. */
export const MOST_TOPICS = 50;
export const LONGEST_TOPIC = 100;
const CATEGORY = new RegExp(`^(${ARXIV_ARCHIVES})(?:\\.(\\*|[a-z][a-z-]{1,9}))?$`);

/** Whether the text is an arXiv category or archive. */
export function isCategory(text: string): boolean {
  return CATEGORY.test(text.trim().toLowerCase());
}

/**
 * Reads a subscriber's topics: `cs.CL`, `cs.*`, `diffusion models`, `author:Name`, `like:2510.01234` or a link to an
 * arXiv paper; with a minus in front what must never appear, or, for a paper, what less is wanted of. Bad ones are
 * left out and told.
 */
export function parseInterest(topics: readonly string[]): {
  interest: Interest;
  problems: readonly TopicProblem[];
} {
  const wanted: Topic[] = [];
  const muted: Topic[] = [];
  const problems: TopicProblem[] = [];
  for (const [index, raw] of topics.entries()) {
    const text = raw.trim();
    const isMuted = /^[-−–]/.test(text);
    const label = isMuted ? text.slice(1).trim() : text;
    const topic = index < MOST_TOPICS ? topicOf(label) : `is one too many, expected at most ${MOST_TOPICS}`;
    if (typeof topic === 'string') problems.push(problem(text, topic));
    else (isMuted ? muted : wanted).push(topic);
  }
  return { interest: { wanted: canonical(wanted), muted: canonical(muted) }, problems };
}

/** Subscribers with equal keys get equal picks. */
export function interestKey({ wanted, muted }: Interest): string {
  const keys = (topics: readonly Topic[]) => topics.map(({ kind, key }) => `${kind}:${key}`);
  return JSON.stringify([keys(wanted), keys(muted)]);
}

/**
 * Adds the papers of the subscriber's own library to what they want. A paper that they have liked or muted by a topic
 * counts by that topic only.
 * @param library as in a `Profile`
 */
export function withLibrary({ wanted, muted }: Interest, library: readonly string[]): Interest {
  if (library.length === 0) return { wanted, muted };
  const named = new Set(papersNamedIn({ wanted, muted }).map((id) => `arxiv:${id}`));
  const own = library.filter((name) => !named.has(name));
  const topics = own.map((name): Topic => ({ kind: 'library', key: name, label: name }));
  return { wanted: canonical([...wanted, ...topics]), muted };
}

/** The papers of the subscriber's own library in it. */
export function libraryIn({ wanted }: Interest): string[] {
  return wanted.flatMap(({ kind, key }) => (kind === 'library' ? key : []));
}

/** The arXiv ids of the papers that it likes or mutes: what must be known of them to tell what is like them. */
export function papersNamedIn({ wanted, muted }: Interest): string[] {
  return [...wanted, ...muted].flatMap(({ kind, key }) => (kind === 'like' ? key : []));
}

function topicOf(label: string): Topic | string {
  if (label.length > LONGEST_TOPIC) return `is too long, expected at most ${LONGEST_TOPIC} characters`;
  const [, prefix = '', rest = ''] = /^(author|like)\s*:\s*(.*)$/is.exec(label) ?? [];
  if (prefix.toLowerCase() === 'author') return authorTopic(rest);
  const linked = arxivIdIn(label) ?? arxivId(prefix === '' ? label : rest);
  if (linked !== undefined) return { kind: 'like', key: linked, label: linked };
  if (prefix !== '') return 'names no arXiv paper, expected like:2510.01234 or a link to it';
  if (/^https?:\/\//i.test(label))
    return 'is a link to no arXiv paper, expected https://arxiv.org/abs/2510.01234';
  const category = CATEGORY.exec(label.toLowerCase());
  if (category !== null) {
    const [, archive = '', subject = '*'] = category;
    return { kind: 'category', key: subject === '*' ? archive : `${archive}.${subject}`, label };
  }
  const stems = stemsOf(label);
  if (!stems.some(isTelling))
    return 'has no telling word, expected a category (cs.CL), words, author:Name or like:2510.01234';
  return { kind: 'phrase', key: stems.join(' '), label: label.replace(/\s+/g, ' ') };
}

function authorTopic(text: string): Topic | string {
  const name = personName(text);
  if (name === undefined) return 'names nobody, expected author:Ada Lovelace';
  return { kind: 'author', key: `${name.family}, ${name.given}`, label: text.trim() };
}

function problem(topic: string, what: string): TopicProblem {
  return { topic, message: `${JSON.stringify(topic.slice(0, LONGEST_TOPIC))} ${what}` };
}

function canonical(topics: readonly Topic[]): Topic[] {
  const rank = ({ kind, key }: Topic) => `${kind}:${key}`;
  const byKey = new Map(topics.toReversed().map((topic) => [rank(topic), topic]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, topic]) => topic);
}
