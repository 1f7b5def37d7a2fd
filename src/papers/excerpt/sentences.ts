/** One sentence of an abstract, with its place: `text.slice(start, start + sentence.length)`. */
export type Sentence = {
  readonly text: string;
  readonly start: number;
  /** Which part of a structured abstract it stands in; absent where the abstract has no headings. */
  readonly section?: Section;
};

/** The parts of a structured abstract, as journals of medicine and biology want them. */
type Section = 'background' | 'methods' | 'results' | 'conclusions';

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Ends of segments that look like the end of a sentence and are none. */
const ABBREVIATION =
  /(?:^|[\s(])(?:al|e\.g|i\.e|cf|vs|w\.r\.t|resp|approx|Figs?|Eqs?|Secs?|Refs?|Tab|No|Dr|Prof|St|spp?|var|subsp|ca|a\.k\.a|(?:\p{Lu}\.)*\p{Lu})\.[\s,]*$/u;
/** What goes on in lower case, after a comma or without a space is no new sentence. */
const GOES_ON = /^[\p{Ll},;)]/u;

const HEADINGS: readonly (readonly [Section, string])[] = [
  [
    'background',
    'Backgrounds?(?: and (?:Aims?|Objectives?|Purpose))?|Introduction|Context|Rationale|Motivation',
  ],
  ['background', 'Objectives?|Aims?|Purpose|Importance'],
  [
    'methods',
    'Methods?|(?:Materials|Patients) and Methods|Methods and Materials|Methodology|(?:Study )?Design',
  ],
  ['methods', 'Setting|Participants|Design, Setting, and Participants|Interventions?|Exposures?'],
  ['methods', 'Main Outcomes and Measures'],
  ['results', '(?:Main )?Results?|Findings|Observations'],
  ['conclusions', 'Conclusions?(?: and Relevance)?|Interpretation|Discussion|Significance|Implications'],
  ['conclusions', 'New Information'],
];

/** As a title or in capitals: in the middle of a sentence they are words. */
const EITHER_CASE = HEADINGS.flatMap(([, words]) => [words, words.toUpperCase()]).join('|');
const HEADING = new RegExp(`(?<!\\S)(?:${EITHER_CASE})(?::|\\.(?= )|(?= \\p{Lu}))\\s*`, 'gu');
const BY_HEADING = HEADINGS.map(([section, words]) => ({
  section,
  words: new RegExp(`^(?:${words})$`, 'i'),
}));

/** Splits an abstract, one line of plain text, into its sentences; headings are in none of them. */
export function sentencesOf(abstract: string): Sentence[] {
  const parts = partsOf(abstract);
  return parts.flatMap(({ start, end, section }) =>
    split(abstract.slice(start, end)).map((sentence) => ({
      text: sentence.text,
      start: start + sentence.start,
      ...(section && { section }),
    })),
  );
}

type Part = { readonly start: number; readonly end: number; readonly section?: Section };

/** One heading alone may be a word of a sentence; two different ones are a structured abstract. */
function partsOf(abstract: string): Part[] {
  const found = [...abstract.matchAll(HEADING)].filter(isHeading).map((match) => ({
    at: match.index,
    start: match.index + match[0].length,
    section: sectionOf(match[0]),
  }));
  if (new Set(found.map(({ section }) => section)).size < 2) return [{ start: 0, end: abstract.length }];
  const first = found[0]?.at ?? 0;
  const parts = found.map(({ start, section }, index) => ({
    start,
    end: found[index + 1]?.at ?? abstract.length,
    section,
  }));
  return first > 0 ? [{ start: 0, end: first }, ...parts] : parts;
}

/** A heading begins with a capital, where a sentence may begin. */
function isHeading(match: RegExpExecArray): boolean {
  const { input, index } = match;
  const before = input.slice(Math.max(0, index - 2), index).trimEnd();
  return /^\p{Lu}/u.test(match[0]) && (before === '' || /[.!?:)\]]$/.test(before));
}

function sectionOf(heading: string): Section {
  const bare = heading.replace(/[:.]?\s*$/, '');
  return BY_HEADING.find(({ words }) => words.test(bare))?.section ?? 'background';
}

function split(text: string): Sentence[] {
  const found: { text: string; start: number }[] = [];
  for (const { segment, index } of SEGMENTER.segment(text)) {
    const last = found.at(-1);
    if (last && (ABBREVIATION.test(last.text) || GOES_ON.test(segment) || !/\s$/.test(last.text)))
      last.text += segment;
    else found.push({ text: segment, start: index });
  }
  return found
    .map(({ text: sentence, start }) => ({ text: sentence.trim(), start: start + sentence.search(/\S|$/) }))
    .filter((sentence) => sentence.text !== '');
}
