import { existsSync, watch } from 'node:fs';
import type { App } from '../app.ts';
import type { Issue } from '../domain/issue.ts';
import { currentTemplates, templateFolders } from '../mail/load-templates.ts';
import { mailLinks } from '../web/preview/mail-checks.ts';
import { createPreview } from '../web/preview/preview-app.ts';
import { type PreviewSubscriber, previewMail, type Theme } from '../web/preview/preview-data.ts';
import { PREVIEW_THEMES } from '../web/preview/preview-page.ts';
import { type Listening, listen } from './serve.ts';

export type PreviewOptions = {
  readonly subscriber: PreviewSubscriber;
  readonly theme: Theme;
  /** 0 for any free one. */
  readonly port: number;
  /** Problems with links, by address. */
  readonly deadLinks: ReadonlyMap<string, string>;
};

/** Serves the preview of an issue on this machine. */
export function servePreview(app: App, issue: Issue, options: PreviewOptions): Promise<Listening> {
  const { subscriber, deadLinks } = options;
  // A page has several frames, which share what is compiled once.
  const looks = new Map(
    PREVIEW_THEMES.map((theme) => [theme, currentTemplates({ ...app.config, THEME: theme })]),
  );
  const page = createPreview({
    render: (name = options.theme) => {
      const theme = name as Theme;
      const templates = looks.get(theme);
      return previewMail(app, app, issue, { subscriber, theme, ...(templates && { templates }) });
    },
    onChange: (listener) => watchTemplates(app, options.theme, listener),
    deadLinks,
  });
  return listen(page, '127.0.0.1', options.port);
}

/** Requests each link of a mail once; a link without a successful answer is dead. Our own links are skipped: they act for a subscriber. */
export async function findDeadLinks(
  app: App,
  html: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const links = mailLinks(html).filter((url) => !url.startsWith(app.config.SITE_URL));
  const dead = new Map<string, string>();
  const next = links.values();
  const ask = async () => {
    for (const url of next) {
      const problem = await app.publishing.http.get(url, { accept: '*/*', signal }).then(
        ({ status }) => (status < 400 ? undefined : `answers ${status}`),
        (error: Error) => error.message,
      );
      if (problem !== undefined) dead.set(url, problem);
    }
  };
  await Promise.all(Array.from({ length: 4 }, ask));
  return dead;
}

/** Tells when a template is saved; several writes of one save are one change. */
function watchTemplates(app: App, theme: Theme, listener: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const folders = templateFolders({ THEME: theme, TEMPLATES: app.config.TEMPLATES });
  const watchers = folders.filter(existsSync).map((folder) =>
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(listener, 30);
    }),
  );
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
