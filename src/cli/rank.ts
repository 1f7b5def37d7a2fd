import { editionCalled, upcoming } from '../app/editions.ts';
import { rankEdition } from '../app/ranking.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { withApp } from './host.ts';
import { count, example, issueName, jsonOption } from './options.ts';
import type { AddCommand } from './program.ts';
import { table } from './table.ts';

type Options = { date?: string; limit: number; json?: true };

export const addRank: AddCommand = (program, host) => {
  program
    .command('rank')
    .description('Print the candidates of the next issue in their order, with scores and reasons.')
    .option('--date <issue>', 'the candidates of the issue of this day or week', issueName)
    .option('--limit <count>', 'how many to print', count, 30)
    .addOption(jsonOption())
    .addHelpText('after', example('offprint rank', 'offprint rank --date 2026-08-19 --limit 100'))
    .action(({ date, limit, json }: Options) =>
      withApp(host, async (app) => {
        const edition = date === undefined ? upcoming(app) : editionCalled(app, date);
        const { ranked, fresh } = await rankEdition(app, edition);
        const shown = ranked.slice(0, limit);
        if (json)
          return host.print(JSON.stringify({ date: edition.date, fresh, candidates: shown.map(asJson) }));
        host.print(
          `Candidates of ${edition.date}: ${ranked.length}, ${fresh} of them new. Read sources first with "offprint fetch".`,
        );
        if (shown.length > 0) host.print(rankTable(shown));
      }),
    );
};

function asJson({ paper, score, reasons }: RankedPaper) {
  return {
    id: paper.id,
    title: paper.title,
    score,
    reasons,
    signals: paper.signals,
    sources: paper.sources,
    day: paper.day,
  };
}

function rankTable(ranked: readonly RankedPaper[]): string {
  return table(
    ['#', 'score', 'paper', 'title', 'reasons'],
    ranked.map(({ paper, score, reasons }, index) => [
      index + 1,
      Number(score.toFixed(2)),
      paper.id,
      paper.title.slice(0, 60),
      reasons.join(' · '),
    ]),
  );
}
