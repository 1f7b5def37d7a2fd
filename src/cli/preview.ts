import open from 'open';
import { nextIssue, servePreview } from '../app/preview.ts';
import { withApp } from './host.ts';
import { count, example } from './options.ts';
import type { AddCommand } from './program.ts';

type Options = { port?: number; open: boolean };

export const addPreview: AddCommand = (program, host) => {
  program
    .command('preview')
    .description(
      'Show the next issue in the browser exactly as it would be mailed; reloads when a template is saved.',
    )
    .option('--port <port>', 'where to serve it (default: any free port)', count)
    .option('--no-open', 'only print the address')
    .addHelpText('after', example('offprint preview', 'offprint preview --no-open --port 3001'))
    .action((options: Options) =>
      withApp(host, async (app) => {
        const issue = await nextIssue(app);
        const server = await servePreview(app, issue, options.port ?? 0);
        const url = `http://127.0.0.1:${server.port}/`;
        host.print(`The issue of ${issue.date} is at ${url}\nStop with Ctrl-C.`);
        if (options.open)
          await open(url).catch(() => host.complain('No browser could be opened; the address is above.'));
        await new Promise((resolve) => host.stop.addEventListener('abort', resolve, { once: true }));
        await server.close();
      }),
    );
};
