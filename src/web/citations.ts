import type { KnownPaper } from '../domain/known-paper.ts';
import { normalized } from '../domain/unicode.ts';

/** What a citation is made of. */
export type Cited = Pick<
  KnownPaper,
  'ids' | 'title' | 'authors' | 'abstract' | 'links' | 'categories' | 'day'
>;

/** One BibTeX entry. Titles keep their capitals, and nothing in them is a command. */
export function bibtex(paper: Cited, key = citationKey(paper)): string {
  const { ids, title, authors, categories, day } = paper;
  const address = addressOf(paper);
  const fields: [string, string][] = [
    ['title', `{${escaped(title)}}`],
    ...(authors.length > 0 ? [['author', authors.map(escaped).join(' and ')] as [string, string]] : []),
    ['year', day.slice(0, 4)],
    ...(ids.arxiv
      ? [['eprint', ids.arxiv] as [string, string], ['archivePrefix', 'arXiv'] as [string, string]]
      : []),
    ...(ids.arxiv && categories[0] ? [['primaryClass', categories[0]] as [string, string]] : []),
    ...(ids.doi ? [['doi', escaped(ids.doi)] as [string, string]] : []),
    ...(address ? [['url', address] as [string, string]] : []),
  ];
  return `@misc{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}\n`;
}

/** Entries of many papers; those whose keys would be the same get a letter each. */
export function bibliography(papers: readonly Cited[]): string {
  const used = new Map<string, number>();
  const entries = papers.map((paper) => {
    const key = citationKey(paper);
    const count = used.get(key) ?? 0;
    used.set(key, count + 1);
    return bibtex(paper, count === 0 ? key : `${key}${String.fromCharCode(97 + (count % 26))}`);
  });
  return entries.join('\n');
}

/** RIS, as reference managers import it: a tag of two letters, two spaces, a hyphen and a space; lines end in CRLF. */
export function ris(paper: Cited): string {
  const { ids, title, authors, abstract, day } = paper;
  const address = addressOf(paper);
  const lines = [
    ['TY', ids.doi ? 'JOUR' : 'UNPB'],
    ['TI', title],
    ...authors.map((name) => ['AU', name]),
    ['PY', day.slice(0, 4)],
    ['DA', day.replaceAll('-', '/')],
    ...(abstract ? [['AB', abstract]] : []),
    ...(ids.doi ? [['DO', ids.doi]] : []),
    ...(address ? [['UR', address]] : []),
    ['ER', ''],
  ];
  return lines.map(([tag, value = '']) => `${tag}  - ${value.replace(/\s+/g, ' ')}\r\n`).join('');
}

/** One line of Markdown: authors, linked title, year. */
export function markdown(paper: Cited): string {
  const { title, authors, day } = paper;
  const address = addressOf(paper);
  const plain = title.replace(/[\\[\]*_`<>]/g, '\\$&');
  const names = authors.length > 3 ? `${authors[0]} et al.` : authors.join(', ');
  const linked = address
    ? `[${plain}](${address.replace(/[()\s]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`
    : plain;
  return `${names ? `${names.replace(/[\\[\]*_`<>]/g, '\\$&')}. ` : ''}${linked}. ${day.slice(0, 4)}.`;
}

/** `example2026slow`: the first author's last name, the year, and the title's first long word. */
function citationKey({ title, authors, day }: Cited): string {
  const name = ascii(authors[0]?.split(/[\s,]+/).at(-1) ?? '');
  const word =
    title
      .split(/\s+/)
      .map(ascii)
      .find((part) => part.length > 3) ?? '';
  return `${name}${day.slice(0, 4)}${word}` || 'paper';
}

function ascii(text: string): string {
  return normalized(text, 'NFKD')
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase();
}

function addressOf({ links }: Cited): string {
  return links.abstract ?? links.pdf ?? links.project ?? '';
}

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
};

function escaped(text: string): string {
  return text.replace(/[\\{}^~&%$#_]/g, (mark) => COMMANDS[mark] ?? `\\${mark}`);
}
