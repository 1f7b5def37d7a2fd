import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { reasonsInWords } from '../domain/reason.ts';
import { issueSlug } from '../domain/slug.ts';
import { explain, rankingFor } from '../issues/explain.ts';
import { editionBySlug, nextEdition } from '../issues/find-edition.ts';
import { rankEdition } from '../issues/rank-edition.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, issueName, jsonOption } from './options.ts';
import { table } from './text-table.ts';

type Options = { date?: string; limit: number; json?: true; explain?: string; for?: string };

export const addRank: AddCommand = (program, host) => {
  const command: Command = program
    .command('rank')
    .description('Print the ranked candidates of the next issue with scores, score parts and reasons.')
    .option('--date <issue>', 'rank for the issue of this day or week', issueName)
    .option('--explain <id>', 'explain the score of one candidate: an arXiv id, DOI or link')
    .option('--for <address>', 'show show show show show show what this reader would get, and why')
    .option('--limit <count>', 'how many to print', count, 30)
    .addOption(jsonOption());
  command
    .addHelpText(
      'after',
      example('offprint rank', 'offprint rank --explain 2510.01234', 'offprint rank --for ada@example.org'),
    )
    .action((options: Options) => withApp(host, (app) => rankCommand(app, host, options)));
};

async function rankCommand(app: App, host: Host, options: Options): Promise<void> {
  const edition = options.date === undefined ? nextEdition(app) : editionBySlug(app, options.date);
  const name = issueSlug(edition);
  const english = app.languages().of('en');
  const said = (pick: RankedPaper) => ({ ...pick, reasons: reasonsInWords(pick.reasons, english) });
  const print = (value: object, lines: string) => host.print(options.json ? JSON.stringify(value) : lines);
  if (options.explain !== undefined) {
    const { candidate, place, had } = await explain(app, edition, options.explain);
    const shown = said(candidate);
    return print({ date: name, place, had, ...asJson(shown) }, explanation(shown, place, had));
  }
  if (options.for !== undefined) {
    const { picks: found, matches } = await rankingFor(app, app.languages(), edition, options.for);
    const picks = found.map(said);
    const why = picks.map((_, index) => reasonsInWords(matches[index] ?? [], english).join(' · '));
    const rows = picks.map((pick, index) => ({ ...asJson(pick), matches: why[index] }));
    const shown = picks.map((pick, index) => withMatch(pick, why[index] ?? ''));
    return print({ date: name, for: options.for, picks: rows }, rankTable(shown));
  }
  const { ranked, fresh } = await rankEdition(app, edition);
  const shown = ranked.slice(0, options.limit).map(said);
  const head = `Candidates of ${name}: ${ranked.length}, ${fresh} of them new. Run "offprint fetch" first to read the sources.`;
  const lines = shown.length > 0 ? `${head}\n${rankTable(shown)}` : head;
  print({ date: name, fresh, candidates: shown.map(asJson) }, lines);
}

/** With its reasons as they are read. */
type ShownPaper = RankedPaper & { readonly reasons: readonly string[] };

function withMatch(pick: ShownPaper, match: string): ShownPaper {
  return match === '' ? pick : { ...pick, reasons: [match, ...pick.reasons] };
}

function asJson({ paper, score, reasons, parts }: ShownPaper) {
  const { id, title, signals, sources, day } = paper;
  return { id, title, score, parts, reasons, signals, sources, day };
}

function rankTable(ranked: readonly ShownPaper[]): string {
  return table(
    ['#', 'score', 'paper', 'title', 'parts', 'reasons'],
    ranked.map(({ paper, score, parts, reasons }, index) => [
      index + 1,
      Number(score.toFixed(2)),
      paper.id,
      paper.title.slice(0, 60),
      partsOf(parts)
        .map(([name, value]) => `${name} ${value}`)
        .join(' '),
      reasons.join(' · '),
    ]),
  );
}

/** The parts that weigh something, as signed numbers; they add up to ln(score). */
function partsOf(parts: RankedPaper['parts']): [string, string][] {
  return Object.entries(parts ?? {}).flatMap(([name, value]) => {
    const shown = `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
    return /0\.00$/.test(shown) ? [] : [[name, shown]];
  });
}

function explanation({ paper, score, parts, reasons }: ShownPaper, place: number, had: boolean): string {
  const rows = partsOf(parts).map(([name, value]) => `  ${name.padEnd(10)} ${value}`);
  const signals = Object.entries(paper.signals).map(([name, value]) => `${value} ${name}`);
  return [
    `${paper.title} (${paper.id})`,
    had ? 'An earlier issue included it.' : `Rank ${place} of the candidates.`,
    `Score ${score.toFixed(2)}: the upvotes it is expected to get. Its natural logarithm is the sum of`,
    ...rows,
    `Signals: ${signals.join(', ') || 'none'}. Sources: ${paper.sources.join(', ')}.`,
    `Reasons: ${reasons.join(' · ') || 'none'}.`,
  ].join('\n');
}
