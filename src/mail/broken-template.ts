import { messageOf } from '../domain/failure.ts';
import { Fault } from '../domain/fault.ts';

/** A problem that we found ourselves, as opposed to an error that MJML or Handlebars threw. */
type TemplateProblem = { readonly line?: number; readonly expected: string };

/**
 * Says which template is broken, in which line where that can be known, and what was expected there.
 * @param file where it is, for people
 * @param cause what MJML or Handlebars threw, or a problem of our own finding
 */
export function brokenTemplate(file: string, source: string, cause: unknown): Fault {
  const { line, expected } = isProblem(cause) ? cause : readError(source, cause);
  const where = line === undefined ? `${file}` : `${file}, line ${line}`;
  return new Fault(
    'TEMPLATE_BROKEN',
    `${where}: expected ${expected}`,
    `Repair ${file}, or put back the one that comes with Offprint.`,
    { cause },
  );
}

function isProblem(cause: unknown): cause is TemplateProblem {
  return !(cause instanceof Error) && typeof cause === 'object' && cause !== null && 'expected' in cause;
}

function readError(source: string, cause: unknown): TemplateProblem {
  const message = messageOf(cause);
  return readMjmlError(cause) ?? readHandlebarsError(source, message) ?? { expected: `no error: ${message}` };
}

/** MJML's strict mode hands over a list of what it does not allow. */
function readMjmlError(cause: unknown): TemplateProblem | undefined {
  if (!(cause instanceof Error)) return undefined;
  if (cause.message.startsWith('Parsing failed'))
    return { expected: 'MJML: one <mjml> that holds an <mj-body>' };
  const [first] = 'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [];
  if (typeof first?.message !== 'string') return undefined;
  const expected = `valid MJML in <${first.tagName}>: ${first.message}`;
  return typeof first.line === 'number' ? { line: first.line, expected } : { expected };
}

function readHandlebarsError(source: string, message: string): TemplateProblem | undefined {
  const name = /^"(.+?)" not defined|^Missing helper: "(.+?)"|^The partial (\S+) could/.exec(message);
  if (name) {
    const word = name[1] ?? name[2] ?? name[3] ?? '';
    const kind = name[3] ? 'partial' : name[2] ? 'helper' : 'value';
    return at(lineOf(source, word), `a ${kind} that exists: there is no “${word}”`);
  }
  const parse = /^Parse error on line (\d+):[\s\S]*?(Expecting[\s\S]*)/.exec(message);
  if (parse) return at(Number(parse[1]), `Handlebars: ${parse[2]?.replace(/^Expecting /, '')}`);
  const mismatch = /^(.+) - (\d+):\d+$/.exec(message);
  return mismatch ? at(Number(mismatch[2]), `blocks to match: ${mismatch[1]}`) : undefined;
}

/** The line of the first placeholder that has the word; the error itself counts in MJML's output. */
function lineOf(source: string, word: string): number | undefined {
  const found = [...source.matchAll(/{{[^}]*}}/g)].find(([placeholder]) =>
    placeholder.split(/[^\w.@/-]+|\./).includes(word),
  );
  return found && source.slice(0, found.index).split('\n').length;
}

function at(line: number | undefined, expected: string): TemplateProblem {
  return line === undefined ? { expected } : { line, expected };
}
