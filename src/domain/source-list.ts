import type { SourceKind, SourceSpec } from './source.ts';

const CATEGORIES = /^[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]{2,})?(?:\+[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]{2,})?)*$/;
const SUBJECTS = /^[a-z]+(?:[_-][a-z]+)*(?:\+[a-z]+(?:[_-][a-z]+)*)*$/;
const QUERY = /^[^\p{C}]{2,300}$/u;

/** What an entry of each kind looks like, and what its argument must be. */
const KINDS: {
  readonly [kind in SourceKind]: { readonly form: string; readonly fits: (argument: string) => boolean };
} = {
  huggingface: { form: 'huggingface', fits: isEmpty },
  arxiv: { form: 'arxiv:cs.CL+cs.LG', fits: (argument) => CATEGORIES.test(argument) },
  biorxiv: { form: 'biorxiv:neuroscience+cell_biology', fits: (argument) => SUBJECTS.test(argument) },
  medrxiv: { form: 'medrxiv:epidemiology', fits: (argument) => SUBJECTS.test(argument) },
  pubmed: { form: 'pubmed:FEED', fits: (argument) => /^[\w-]{5,100}(\/[\w-]+)?$/.test(argument) },
  semanticscholar: { form: 'semanticscholar:QUERY', fits: (argument) => QUERY.test(argument) },
  openalex: { form: 'openalex:QUERY', fits: (argument) => QUERY.test(argument) },
  rss: { form: 'rss:https://example.org/feed.xml', fits: isWebAddress },
  jsonfeed: { form: 'jsonfeed:https://example.org/feed.json', fits: isWebAddress },
  hackernews: { form: 'hackernews', fits: isEmpty },
  github: { form: 'github', fits: isEmpty },
};

/** Kinds whose argument is an address themselves, so that `@` is a part of it. */
const ADDRESSED: readonly SourceKind[] = ['rss', 'jsonfeed'];

/**
 * Reads the list of sources as settings give it: entries separated by a comma and white space, or by line
 * ends; lines that begin with `#` are comments. A comma without white space belongs to its address.
 * @returns the good entries, and a line for each bad one with what was expected
 */
export function parseSourceList(text: string): { specs: SourceSpec[]; problems: string[] } {
  const specs: SourceSpec[] = [];
  const problems: string[] = [];
  const lines = text.split(/\r\n|[\r\n]/).filter((line) => !line.trimStart().startsWith('#'));
  const entries = lines.flatMap(splitEntries).map((entry) => entry.trim());
  for (const [index, entry] of entries.filter((entry) => entry !== '').entries()) {
    const spec = parseSource(entry);
    const twin = typeof spec !== 'string' && specs.some(({ name }) => name === spec.name);
    const problem = twin ? 'the source is there already' : spec;
    if (typeof problem === 'string') problems.push(`entry ${index + 1} (${shown(entry)}): ${problem}`);
    else specs.push(problem);
  }
  return { specs, problems };
}

/** At commas with white space behind them, but not inside quotes. */
function splitEntries(line: string): string[] {
  return line.match(/(?:"[^"]*"|,(?!\s|$)|[^,"]|"(?![^"]*"))+/g) ?? [];
}

/** The source, or what is wrong with it. */
function parseSource(entry: string): SourceSpec | string {
  const { address, options, problem } = splitOptions(entry);
  if (problem !== undefined) return problem;
  const kind = /^[^:@\s]*/.exec(address)?.[0] ?? '';
  if (!isKind(kind))
    return `unknown kind "${kind.slice(0, 40)}", expected one of ${Object.keys(KINDS).join(', ')}`;
  const addressed = ADDRESSED.includes(kind);
  const { name, base } = addressed ? { name: address } : splitBase(address);
  const argument = name.slice(kind.length + 1);
  const { form, fits } = KINDS[kind];
  const wellFormed =
    name === kind ? fits('') : name[kind.length] === ':' && argument !== '' && fits(argument);
  if (!wellFormed) return `expected ${form}${addressed ? '' : `, or ${form}@https://example.org`}`;
  if (base === undefined) return { name: withoutSecrets(name), kind, argument, ...options };
  if (!isWebAddress(base)) return `expected an http or https address after @, got "${shown(base)}"`;
  return { name, kind, argument, base: base.replace(/\/+$/, ''), ...options };
}

type Options = Pick<SourceSpec, 'label' | 'weight'>;

/** `label="Lab news" weight=0.5` at the end of an entry. */
function splitOptions(entry: string): { address: string; options: Options; problem?: string } {
  const match = /^(.*?)((?:\s+(?:label=(?:"[^"]*"|[^\s"]\S*)|weight=\S+))+)$/s.exec(entry);
  if (match === null) return { address: entry, options: {} };
  const [, address = '', given = ''] = match;
  const named = /\slabel=(?:"([^"]*)"|(\S+))/.exec(given);
  const label = (named?.[1] ?? named?.[2] ?? '').trim().slice(0, 60);
  const weight = /\sweight=(\S+)/.exec(given)?.[1];
  const options = {
    ...(label !== '' && { label }),
    ...(weight !== undefined && { weight: Number(weight) }),
  };
  if (weight === undefined || (Number(weight) > 0 && Number(weight) <= 100)) return { address, options };
  return {
    address,
    options: {},
    problem: `expected weight= a number above 0 and at most 100, got "${weight.slice(0, 20)}"`,
  };
}

function isEmpty(argument: string): boolean {
  return argument === '';
}

function splitBase(entry: string): { name: string; base?: string } {
  const at = entry.indexOf('@');
  return at < 0 ? { name: entry } : { name: entry.slice(0, at), base: entry.slice(at + 1) };
}

function isKind(text: string): text is SourceKind {
  return Object.hasOwn(KINDS, text);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** Settings may hold a password in an address, and problems are printed. */
function shown(text: string): string {
  return withoutSecrets(text).slice(0, 120);
}

function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/, '//');
}
