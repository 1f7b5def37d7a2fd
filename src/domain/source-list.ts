import type { SourceKind, SourceSpec } from './source.ts';

/** What an entry of each kind looks like, and what its argument must be. */
const KINDS: {
  readonly [kind in SourceKind]: { readonly form: string; readonly fits: (argument: string) => boolean };
} = {
  huggingface: { form: 'huggingface', fits: (argument) => argument === '' },
  arxiv: { form: 'arxiv:cs.CL+cs.LG', fits: (argument) => CATEGORIES.test(argument) },
  rss: { form: 'rss:https://example.org/feed.xml', fits: isWebAddress },
};
const CATEGORIES = /^[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]{2,})?(?:\+[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]{2,})?)*$/;

/**
 * Reads the list of sources as settings give it: entries separated by a comma and white space, or by line
 * ends; lines that begin with `#` are comments. A comma without white space belongs to its address.
 * @returns the good entries, and a line for each bad one with what was expected
 */
export function parseSourceList(text: string): { specs: SourceSpec[]; problems: string[] } {
  const specs: SourceSpec[] = [];
  const problems: string[] = [];
  const lines = text.split(/\r\n|[\r\n]/).filter((line) => !line.trimStart().startsWith('#'));
  const entries = lines.flatMap((line) => line.split(/,(?=\s|$)/)).map((entry) => entry.trim());
  for (const [index, entry] of entries.filter((entry) => entry !== '').entries()) {
    const spec = parseSource(entry);
    const twin = typeof spec !== 'string' && specs.some(({ name }) => name === spec.name);
    const problem = twin ? 'the source is there already' : spec;
    if (typeof problem === 'string') problems.push(`entry ${index + 1} (${shown(entry)}): ${problem}`);
    else specs.push(problem);
  }
  return { specs, problems };
}

/** The source, or what is wrong with it. */
function parseSource(entry: string): SourceSpec | string {
  const kind = /^[^:@\s]*/.exec(entry)?.[0] ?? '';
  if (!isKind(kind))
    return `unknown kind "${kind.slice(0, 40)}", expected one of ${Object.keys(KINDS).join(', ')}`;
  const { name, base } = kind === 'rss' ? { name: entry } : splitBase(entry);
  const argument = name.slice(kind.length + 1);
  const { form, fits } = KINDS[kind];
  const wellFormed =
    name === kind ? fits('') : name[kind.length] === ':' && argument !== '' && fits(argument);
  if (!wellFormed) return `expected ${form}${kind === 'rss' ? '' : `, or ${form}@https://example.org`}`;
  if (base === undefined) return { name: withoutSecrets(name), kind, argument };
  if (!isWebAddress(base)) return `expected an http or https address after @, got "${shown(base)}"`;
  return { name, kind, argument, base: base.replace(/\/+$/, '') };
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
