import { watch } from 'node:fs';
import { join } from 'node:path';
import { composeDelivery } from '../compose/message.ts';
import { readerValues, textForReader } from '../compose/reader-parts.ts';
import { renderIssue } from '../compose/render.ts';
import { compileTemplates } from '../compose/templates.ts';
import type { Issue } from '../domain/issue.ts';
import type { Message } from '../domain/message.ts';
import { latestIssue, nextNumber } from '../store/issues.ts';
import { createPreview, type PreviewPage } from '../web/preview.ts';
import { editionFor, upcoming } from './editions.ts';
import { PROJECT_ROOT, readFiles } from './files.ts';
import { readerLinks } from './links.ts';
import { draft } from './publish.ts';
import { rankEdition } from './ranking.ts';
import { sampleIssue } from './sample.ts';
import { type Listening, listen } from './serve.ts';
import type { App } from './wire.ts';

/** Whose mail a preview shows: nobody's, so its links do nothing. */
const NOBODY = { subscriberId: 0, email: 'reader@example.org' };

/**
 * The issue that would be frozen next from what is known now; where that is nothing, the latest one; where that
 * is nothing too, the sample. Nothing is stored.
 */
export async function nextIssue(app: App): Promise<Issue> {
  const next = upcoming(app);
  const { ranked } = await rankEdition(app, next);
  if (ranked.length > 0) return draft(app, next, ranked, await nextNumber(app.store.db, 'daily'));
  const latest = await latestIssue(app.store.db, 'daily', { orSample: true });
  return latest ?? sampleIssue(app, editionFor(app));
}

/** The mail of an issue as one reader would get it now, with the templates as they are on the disk now. */
export async function previewMail(app: App, issue: Issue, reader = NOBODY): Promise<PreviewPage> {
  const templates = await compileTemplates(readFiles('templates'));
  const rendered = renderIssue(templates, issue, app.letterhead);
  const recipient = { ...reader, ...readerLinks(app, reader.subscriberId) };
  const { raw } = await composeDelivery(rendered, recipient, {
    letterhead: app.letterhead,
    date: app.clock(),
  });
  const values = readerValues({ ...recipient, address: recipient.email });
  return {
    subject: issue.subject,
    headers: raw.subarray(0, raw.indexOf('\r\n\r\n')).toString('utf8'),
    html: textForReader(rendered.common.html, values, true),
    text: textForReader(rendered.common.text, values, false),
    raw,
  };
}

/** One mail of the issue to one address, through the transport as it is set up, outside the ledger. */
export async function sendTest(app: App, issue: Issue, email: string) {
  await app.signer();
  const rendered = renderIssue(await app.templates(), issue, app.letterhead);
  const recipient = { ...NOBODY, email, ...readerLinks(app, NOBODY.subscriberId) };
  const message: Message = await composeDelivery(rendered, recipient, {
    letterhead: app.letterhead,
    date: app.clock(),
  });
  return app.routes.any(app.clock()).send(message);
}

/** Serves the preview of an issue on this machine. @param port 0 for any free one */
export function servePreview(app: App, issue: Issue, port: number): Promise<Listening> {
  const page = createPreview({ render: () => previewMail(app, issue), onChange: watchTemplates });
  return listen(page, '127.0.0.1', port);
}

/** Tells when a file under `templates/` is saved; several writes of one save are one change. */
function watchTemplates(listener: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(join(PROJECT_ROOT, 'templates'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(listener, 30);
  });
  return () => watcher.close();
}
