import { basename, dirname, join, normalize } from 'node:path/posix';

/** The text of each source file by its path, such as `src/rank/score.ts`. */
export type Sources = ReadonlyMap<string, string>;

const STEPS = ['config', 'fetch', 'rank', 'compose', 'schedule', 'deliver', 'jobs', 'store', 'web'];
const FOLDERS = [...STEPS, 'domain', 'app', 'cli'];
const MAY_READ_THE_CLOCK = ['app', 'cli'];
const DRAWERS = /^(utils?|helpers?|libs?|common)$/;
const LINE_LIMIT = 250;

/** Every breach of the layout and import rules, as `PATH: what is wrong`; empty when all is well. */
export function breaches(sources: Sources): string[] {
  const found = [...sources].flatMap(([path, text]) => [
    ...nameBreaches(path),
    ...importsOf(text).flatMap((target) => importBreaches(path, target)),
    ...textBreaches(path, text),
  ]);
  return [...found, ...cycles(sources).map((cycle) => `${cycle[0]}: import cycle ${cycle.join(' → ')}`)];
}

function nameBreaches(path: string): string[] {
  const parts = path.replace(/\.ts$/, '').split('/').slice(1);
  const drawer = parts.find((part) => DRAWERS.test(part));
  const folder = folderOf(path);
  return [
    ...(drawer === undefined ? [] : [`${path}: nothing is named ${drawer}`]),
    ...(parts.at(-1) === 'index' ? [`${path}: no barrels`] : []),
    ...(folder === 'main.ts' || FOLDERS.includes(folder) ? [] : [`${path}: no rule for src/${folder}`]),
  ];
}

function importBreaches(path: string, target: string): string[] {
  if (!target.startsWith('.')) return [];
  const wrong: string[] = [];
  if (!target.endsWith('.ts') && !target.endsWith('.json'))
    wrong.push(`${path}: import without .ts: ${target}`);
  const resolved = normalize(join(dirname(path), target));
  if (!resolved.startsWith('src/')) return wrong;
  const [from, to] = [folderOf(path), folderOf(resolved)];
  if (from !== to && !mayImport(from, to)) wrong.push(`${path}: ${from} imports ${to} (${target})`);
  return wrong;
}

function mayImport(from: string, to: string): boolean {
  if (to === 'main.ts') return false;
  if (STEPS.includes(from)) return to === 'domain';
  if (from === 'app') return to !== 'cli';
  if (from === 'cli') return to === 'app' || to === 'domain';
  return from === 'main.ts' && to === 'cli';
}

function textBreaches(path: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const code = withoutComments(text);
  const readsClock = /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|[;,)\]}])|\bTemporal\s*\.\s*Now\b/.test(
    code,
  );
  return [
    ...(lines > LINE_LIMIT ? [`${path}: ${lines} lines, more than ${LINE_LIMIT}`] : []),
    ...(readsClock && !MAY_READ_THE_CLOCK.includes(folderOf(path)) ? [`${path}: reads the clock`] : []),
  ];
}

/** The folder below `src`, or the file's own name. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? basename(path);
}

/** Targets of import and export … from, of import() and of import for its effect. */
function importsOf(text: string, options: { types: boolean } = { types: true }): string[] {
  const code = withoutComments(text);
  const statements = /^\s*(import|export)(\s+type)?\s(?:[\w\s{},*$]*?\sfrom\s*)?['"]([^'"\n]+)['"]/gm;
  const calls = /\bimport\s*\(\s*['"]([^'"\n]+)['"]/g;
  const targets = [...code.matchAll(statements)]
    .filter((match) => options.types || match[2] === undefined)
    .map((match) => match[3] ?? '');
  return [...targets, ...[...code.matchAll(calls)].map((match) => match[1] ?? '')];
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Cycles of the imports that are there at run time; type imports are erased. */
function cycles(sources: Sources): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path]);
    if (start >= 0 || finished.has(path)) return;
    for (const target of importsOf(sources.get(path) ?? '', { types: false })) {
      if (target.startsWith('.')) visit(normalize(join(dirname(path), target)), [...trail, path]);
    }
    finished.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}
