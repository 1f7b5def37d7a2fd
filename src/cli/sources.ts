import { Fault } from '../domain/fault.ts';
import { printableLine } from '../domain/printable.ts';
import type { SourceResult } from '../domain/source.ts';
import { PLAUSIBLE_DAY } from '../sources/backlog.ts';
import { checkSource } from '../sources/check-source.ts';
import type { AddCommand } from './add-command.ts';
import { withApp } from './host.ts';
import { example, jsonOption } from './options.ts';

export const addSources: AddCommand = (program, host) => {
  const sources = program.command('sources').description('Try a source before adding it to SOURCES.');
  sources.addHelpText('after', example('offprint sources check https://example.org/feed.xml'));
  sources
    .command('check')
    .description('Read one address or source now and explain what was found; nothing is saved.')
    .argument('<source>', 'the address of a feed, or a source as in SOURCES')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      example('offprint sources check https://example.org/feed.xml', 'offprint sources check arxiv:cs.CL'),
    )
    .action((text: string, { json }: { json?: true }) =>
      withApp(host, async (app) => {
        const result = await checkSource(app, app.publishing, text, host.stop);
        host.print(json ? JSON.stringify(result) : explain(result));
        if (result.failed) {
          throw new Fault('NO_SOURCE_ANSWERED', 'The source could not be read.', 'The reason is above.');
        }
      }),
    );
};

function explain(result: SourceResult): string {
  const { spec, entries, problems, notices = 0, failed, bytes, durationMs, validators } = result;
  const lines = [
    `${spec.name}: ${failed ? 'failed' : `${entries.length} papers`}, ${bytes} bytes, ${durationMs} ms`,
  ];
  lines.push(...problems.slice(0, 10).map((problem) => `  problem: ${printableLine(problem)}`));
  if (problems.length > 10) lines.push(`  and ${problems.length - 10} more problems`);
  if (notices > 0)
    lines.push(`  notices left out: ${notices} (corrections, tables of contents and the like)`);
  for (const entry of entries.slice(0, 5)) {
    const id = entry.ids.arxiv ?? entry.ids.doi ?? entry.ids.pubmed ?? 'no id';
    lines.push(`  ${entry.listedOn ?? 'no date'}  ${id}  ${printableLine(entry.title).slice(0, 90)}`);
  }
  if (entries.length > 5) lines.push(`  and ${entries.length - 5} more`);
  if (!failed && entries.length + notices === 0)
    lines.push('  A valid feed without anything in it: a quiet day.');
  if (entries.length > 0 && entries.every((entry) => entry.listedOn === undefined)) {
    lines.push(
      `  It gives no dates: papers count from when they are first seen, and of the first reading ${PLAUSIBLE_DAY} at most are new.`,
    );
  }
  if (!failed)
    lines.push(
      `  It ${validators.length > 0 ? 'says' : 'does not say'} when it has changed (ETag or Last-Modified).`,
    );
  lines.push(failed ? '' : `To read it: SOURCES=…, ${spec.name}`);
  return lines.join('\n').trimEnd();
}
