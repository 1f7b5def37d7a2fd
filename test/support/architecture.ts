import { basename, dirname, join, normalize } from 'node:path/posix';
import { parseSync, Visitor } from 'oxc-parser';
import { bundleBreaches } from './bundles.ts';

/** The text of each source file by its path, such as `src/ranking/score.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** The story of `src/`, in its order. A room imports only rooms that stand before it. */
const ROOMS = [
  'domain',
  'config',
  'db',
  'core.ts',
  'sources',
  'ranking',
  'papers',
  'mail',
  'ledger',
  'webhooks',
  'subscribers',
  'issues',
  'delivery',
  'returns',
  'web',
  'app.ts',
  'runtime',
  'cli',
  'main.ts',
] as const;

/** Folders whose files know nothing of the database. */
const WITHOUT_DATABASE = ['domain', 'ranking', 'mail', 'sources/text', 'sources/providers'];
const STRANGERS = ['ranking', 'mail'];
const DRAWERS = /^(utils?|helpers?|libs?|common|shared|misc)$/;
const LINE_LIMIT = 250;

const CLOCK = /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(\(\s*\)|[;,)\]}])|\bTemporal\s*\.\s*Now\b/;
const TIMER =
  /\bset(Timeout|Interval)\b|\bAbortSignal\s*\.\s*timeout\b|\bperformance\s*\.\s*now\b|['"](node:)?timers(\/promises)?['"]/;

/** Every breach of the rules for layout and imports, as `PATH: what is wrong`; empty when all is well. */
export function breaches(sources: Sources): string[] {
  const found = [...sources].flatMap(([path, text]) => [
    ...nameBreaches(path),
    ...importsOf(path, text).flatMap((target) => importBreaches(path, target)),
    ...textBreaches(path, text),
  ]);
  return [
    ...found,
    ...cycles(sources).map((cycle) => `${cycle[0]}: import cycle ${cycle.join(' → ')}`),
    ...bundleBreaches(new Map([...sources].filter(([path]) => isBefore(roomOf(path), 'app.ts')))),
  ];
}

function nameBreaches(path: string): string[] {
  const parts = path.replace(/\.ts$/, '').split('/').slice(1);
  const drawer = parts.find((part) => DRAWERS.test(part));
  return [
    ...(drawer === undefined ? [] : [`${path}: nothing is named ${drawer}`]),
    ...(parts.at(-1) === 'index' ? [`${path}: no barrels`] : []),
    ...(indexOf(roomOf(path)) < 0 ? [`${path}: src/${roomOf(path)} is not in the list of rooms`] : []),
  ];
}

function importBreaches(path: string, target: string): string[] {
  if (!target.startsWith('.')) return [];
  const wrong: string[] = [];
  if (!target.endsWith('.ts') && !target.endsWith('.json'))
    wrong.push(`${path}: import without .ts: ${target}`);
  const resolved = normalize(join(dirname(path), target));
  if (!resolved.startsWith('src/')) return [...wrong, `${path}: imports what is not in src/: ${target}`];
  const [from, to] = [roomOf(path), roomOf(resolved)];
  const isStranger = STRANGERS.includes(from) && STRANGERS.includes(to);
  if (from !== to && (isStranger || !isBefore(to, from)))
    wrong.push(`${path}: ${from} imports ${to} (${target})`);
  const isPure = WITHOUT_DATABASE.some((folder) => path.startsWith(`src/${folder}/`));
  if (isPure && (to === 'db' || to === 'core.ts')) wrong.push(`${path}: knows the database (${target})`);
  return wrong;
}

function textBreaches(path: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const code = withoutComments(text);
  const room = roomOf(path);
  const hasTime = !isBefore(room, 'app.ts') || room === 'db';
  return [
    ...(lines > LINE_LIMIT ? [`${path}: ${lines} lines, more than ${LINE_LIMIT}`] : []),
    ...(CLOCK.test(code) && !hasTime ? [`${path}: reads the clock`] : []),
    ...(TIMER.test(code) && !hasTime ? [`${path}: sets a timer`] : []),
  ];
}

/** The folder below `src`, or the file's own name. */
function roomOf(path: string): string {
  return path.split('/')[1] ?? basename(path);
}

function indexOf(room: string): number {
  return (ROOMS as readonly string[]).indexOf(room);
}

function isBefore(room: string, other: string): boolean {
  return indexOf(room) < indexOf(other);
}

/** Targets of import and export … from, of import(), also in a type, and of import for its effect. */
function importsOf(path: string, text: string): string[] {
  const { program, module } = parseSync(path, text);
  const targets = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  const add = ({ source }: { readonly source: { readonly type: string } }) => {
    if ('value' in source) targets.push(String(source.value));
  };
  new Visitor({ ImportExpression: add, TSImportType: add }).visit(program);
  return targets;
}

export function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Cycles of imports. Imports of types count: a reader has to follow them, too. */
function cycles(sources: Sources): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path]);
    if (start >= 0 || finished.has(path)) return;
    for (const target of importsOf(path, sources.get(path) ?? '')) {
      if (target.startsWith('.')) visit(normalize(join(dirname(path), target)), [...trail, path]);
    }
    finished.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}
