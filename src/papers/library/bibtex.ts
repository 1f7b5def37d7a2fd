import parser from 'bibtex-parse';
import type { EntryTexts } from './entry-ids.ts';

const TEXTS = ['URL', 'NOTE', 'JOURNAL', 'JOURNALTITLE', 'HOWPUBLISHED', 'NUMBER', 'PUBLISHER'];

/** What is no entry: abbreviations, comments and text for TeX. */
const OTHER = /^[ \t]*@(?:string|comment|preamble)\b/i;
const NO_IDS: EntryTexts = { ids: [], texts: [] };

/**
 * One broken entry costs only itself: it counts as an entry without ids.
 * @param most with more entries than this, they are only counted
 */
export function readBibtex(text: string, most: number): EntryTexts[] {
  const pieces = text.split(/^(?=[ \t]*@)/m).filter((piece) => /^[ \t]*@[a-z]+[ \t]*[{(]/i.test(piece));
  const entries = pieces.filter((piece) => !OTHER.test(piece));
  if (entries.length > most) return entries.map(() => NO_IDS);
  return parse(text) ?? entries.flatMap((piece) => parse(piece) ?? [NO_IDS]);
}

/** @returns `undefined` when the text is not well-formed */
function parse(text: string): EntryTexts[] | undefined {
  try {
    return parser.entries(text, { number: 'string' }).map(textsOf);
  } catch {
    return undefined;
  }
}

function textsOf(entry: Readonly<Record<string, string>>): EntryTexts {
  const field = (name: string) => unescaped(String(entry[name] ?? ''));
  const archive = field('ARCHIVEPREFIX') || field('EPRINTTYPE') || 'arxiv';
  return {
    ids: [field('DOI'), field('ARXIVID'), ...(/^arxiv$/i.test(archive.trim()) ? [field('EPRINT')] : [])],
    texts: TEXTS.map(field),
  };
}

/** TeX writes `\_` for an underscore. */
function unescaped(value: string): string {
  return value.replace(/\\([_%&#])/g, '$1');
}
