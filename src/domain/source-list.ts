import type { SourceKind, SourceSpec } from './source.ts';
import { isWebAddress } from './web-address.ts';

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
 * ends; lines that begin with `#` are comments. A comma without white space belongs to its address, unless the next
 * source begins behind it.
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
    if (typeof problem === 'string') problems.push(`entry ${index + 1} (${shownSource(entry)}): ${problem}`);
    else specs.push(problem);
  }
  return { specs, problems };
}

/** A comma that ends an entry: one before white space, the line's end or the kind of the next source. */
const COMMA = String.raw`,(?=\s|$|(?:${Object.keys(KINDS).join('|')})(?:[:,@\s]|$))`;
/** A header whose quotes do not close goes to the end of the line: its pieces would be shown as entries. */
const ENTRY = new RegExp(String.raw`(?:(?<=\bheader=)"[^"]*$|"[^"]*"|(?!${COMMA}),|[^,"]|"(?![^"]*"))+`, 'g');

/** Not inside quotes. */
function splitEntries(line: string): string[] {
  return line.match(ENTRY) ?? [];
}

/** The source, or what is wrong with it. */
function parseSource(entry: string): SourceSpec | string {
  const split = splitOptions(entry);
  if (typeof split === 'string') return split;
  const { address, options } = split;
  const kind = /^[^:@\s]*/.exec(address)?.[0] ?? '';
  if (!isKind(kind))
    return `unknown kind "${kind.slice(0, 40)}", expected one of ${Object.keys(KINDS).join(', ')}`;
  const addressed = ADDRESSED.includes(kind);
  if (options.headers !== undefined && !addressed) return `header= is only for ${ADDRESSED.join(' and ')}`;
  const { name, base } = addressed ? { name: address } : splitBase(address);
  const argument = name.slice(kind.length + 1);
  const { form, fits } = KINDS[kind];
  const wellFormed =
    name === kind ? fits('') : name[kind.length] === ':' && argument !== '' && fits(argument);
  if (!wellFormed) return `expected ${form}${addressed ? '' : `, or ${form}@https://example.org`}`;
  if (base !== undefined && !isWebAddress(base))
    return `expected an http or https address after @, got "${shownSource(base)}"`;
  const login = loginOf(base ?? (addressed ? argument : ''));
  return {
    name: withoutLogin(name),
    kind,
    argument: addressed ? withoutLogin(argument) : argument,
    ...(base !== undefined && { base: withoutLogin(base).replace(/\/+$/, '') }),
    ...options,
    ...(login !== undefined && { headers: { authorization: login, ...options.headers } }),
  };
}

type Options = Pick<SourceSpec, 'label' | 'weight' | 'headers'>;

const VALUE = String.raw`(?:"[^"]*"|[^\s"]\S*)`;
const OPTIONS = new RegExp(`^(.*?)((?:\\s+(?:label=${VALUE}|header=${VALUE}|weight=\\S+))+)$`, 's');

/** `label="Lab news" weight=0.5 header="Authorization: Bearer …"` at the end of an entry, or what is wrong with it. */
function splitOptions(entry: string): { address: string; options: Options } | string {
  const [, address = entry, given = ''] = OPTIONS.exec(entry) ?? [];
  const all = Array.from(given.matchAll(new RegExp(`\\s(label|header|weight)=(${VALUE})`, 'gs')), (one) => ({
    name: one[1],
    value: (one[2] ?? '').replace(/^"|"$/g, ''),
  }));
  const label = (all.find(({ name }) => name === 'label')?.value ?? '').trim().slice(0, 60);
  const weight = all.find(({ name }) => name === 'weight')?.value;
  const headers = all.filter(({ name }) => name === 'header').map(({ value }) => parseHeader(value));
  const known = headers.filter((header) => header !== undefined);
  if (known.length < headers.length) return 'expected header="Name: value"';
  if (weight !== undefined && !(Number(weight) > 0 && Number(weight) <= 100))
    return `expected weight= a number above 0 and at most 100, got "${weight.slice(0, 20)}"`;
  const options = {
    ...(label !== '' && { label }),
    ...(weight !== undefined && { weight: Number(weight) }),
    ...(known.length > 0 && { headers: Object.fromEntries(known) }),
  };
  return { address, options };
}

/** Headers that say how a message is carried, and so are ours to write (RFC 9110 §7.6.1). */
const OUR_HEADERS =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect)$/;

function parseHeader(text: string): [name: string, value: string] | undefined {
  const [, name = '', value = ''] =
    /^([\w!#$%&'*+.^`|~-]{1,100}):\s*([!-~](?:[\t -~]{0,4000}[!-~])?)\s*$/.exec(text) ?? [];
  return name === '' || OUR_HEADERS.test(name.toLowerCase()) ? undefined : [name.toLowerCase(), value];
}

/** What an address with a user name, and perhaps a password, asks to be sent (RFC 7617). */
function loginOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { username, password } = new URL(address);
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`;
}

/** A percent sign that begins no escape is one. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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

/** An entry as a problem may quote it: a password may stand in its address, where it is broken even anywhere, and in a header. */
export function shownSource(text: string): string {
  return text
    .replace(/\bheader=[\s\S]*$/i, 'header=…')
    .replace(/\/\/\S*@/, '//')
    .slice(0, 120);
}

/** Up to the last `@` of the host, as URLs are read. */
function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/?#\s]*@/, '//');
}
