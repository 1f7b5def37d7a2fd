import { Option } from 'commander';
import open from 'open';
import type { App } from '../app.ts';
import { issueSlug } from '../domain/slug.ts';
import { findDeadLinks, servePreview } from '../runtime/preview-server.ts';
import { untilAborted } from '../runtime/until-aborted.ts';
import { previewIssue, previewMail, previewSubscriber, type Theme } from '../web/preview/preview-data.ts';
import { findChromium, writePreview } from '../web/preview/preview-files.ts';
import type { AddCommand } from './add-command.ts';
import { type Host, withApp } from './host.ts';
import { count, example, issueName } from './options.ts';

type Options = {
  port?: number;
  open: boolean;
  for?: string;
  date?: string;
  theme?: Theme;
  out?: string;
  checkLinks?: boolean;
};

export const addPreview: AddCommand = (program, host) => {
  program
    .command('preview')
    .description(
      'Show the next issue in the browser exactly as it would be sent; reloads when a template is saved.',
    )
    .option('--for <address>', "show this reader's mail")
    .option('--date <issue>', 'the issue of this date or week', issueName)
    .addOption(new Option('--theme <name>', 'use this theme').choices(['plain', 'journal', 'card', 'brief']))
    .option('--check-links', 'request each link once and list the dead ones')
    .option('--out <folder>', 'write .eml, .html, .txt and screenshots (if Chromium is found) instead')
    .option('--port <port>', 'the port to serve it on (default: any free port)', count)
    .option('--no-open', 'only print the address')
    .addHelpText('after', example('offprint preview', 'offprint preview --theme card --out shots'))
    .action((options: Options) => withApp(host, (app) => preview(app, host, options)));
};

async function preview(app: App, host: Host, options: Options): Promise<void> {
  const issue = await previewIssue(app, app.languages(), options.date);
  const subscriber = await previewSubscriber(app, issue, options.for);
  const theme = options.theme ?? app.config.THEME;
  const look = () => previewMail(app, app, issue, { subscriber, theme });
  const deadLinks = options.checkLinks
    ? await findDeadLinks(app, (await look()).html, host.stop)
    : new Map<string, string>();
  for (const [url, problem] of deadLinks) host.complain(`dead link: ${url} ${problem}`);
  if (options.out !== undefined) {
    const chromium = findChromium(process.env.PATH ?? '');
    const paths = await writePreview(await look(), options.out, `${issueSlug(issue)}-${theme}`, chromium);
    host.print(paths.join('\n'));
    return;
  }
  const server = await servePreview(app, issue, { subscriber, theme, port: options.port ?? 0, deadLinks });
  const url = `http://127.0.0.1:${server.port}/`;
  host.print(`The issue of ${issue.date} is at ${url}\nStop with Ctrl-C.`);
  if (options.open)
    await open(url).catch(() => host.complain('No browser could be opened; the address is above.'));
  await untilAborted(host.stop);
  await server.close();
}
