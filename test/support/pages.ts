import type { Hono } from 'hono';
import { simpleParser } from 'mailparser';
import type { App } from '../../src/app.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { DEFAULT_ACCENT } from '../../src/domain/accent.ts';
import { makeStamp } from '../../src/domain/stamp.ts';
import { SECOND } from '../../src/domain/time.ts';
import { findByAddress } from '../../src/subscribers/subscribers-table.ts';
import { createWeb } from '../../src/web/web.ts';
import type { WebTemplates } from '../../src/web/web-templates.ts';
import { createWebTools, loadWebTemplates } from '../../src/web/web-tools.ts';
import { NEVER } from './newsroom.ts';

export type Answer = { readonly status: number; readonly text: string; readonly headers: Headers };

let compiled: WebTemplates | undefined;

/** The pages over the real program. Their templates are compiled once for all tests: they take longer than most of them. */
export function openWeb(app: App, wake = () => {}): Hono {
  const { TEMPLATES, LOGO, ACCENT } = app.config;
  const isOurs = TEMPLATES === undefined && LOGO === undefined && ACCENT === DEFAULT_ACCENT;
  if (isOurs) compiled ??= loadWebTemplates(app.config, app.languages());
  const templates = (isOurs && compiled) || loadWebTemplates(app.config, app.languages());
  return createWeb(app, createWebTools(app, templates, { ...app, wake }));
}

/** The pages over the real program; after each request that wakes the mailer, one pass of it. */
export function openPages(app: App) {
  let woken = false;
  const web = openWeb(app, () => {
    woken = true;
  });
  const path = (url: string) => (url.startsWith('/') ? url : new URL(url).pathname);
  /** A stamp as from a page that was opened two seconds ago. */
  const stamp = () => makeStamp(app.secrets[0], app.clock() - 2 * SECOND);
  const request = async (
    method: string,
    url: string,
    form?: Record<string, string>,
    { from = '203.0.113.9', headers = {} as Record<string, string> } = {},
  ): Promise<Answer> => {
    const body = form && new URLSearchParams(form);
    const env = { incoming: { socket: { remoteAddress: from } } };
    const answer = await web.request(path(url), { method, headers, ...(body && { body }) }, env);
    if (woken) await deliver(app, app.composing, app.sending, () => ({ dueBy: app.clock() }), NEVER);
    woken = false;
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return {
    web,
    stamp,
    get: (url: string) => request('GET', url),
    post: (url: string, form?: Record<string, string>, from?: string) =>
      request('POST', url, form ?? {}, from === undefined ? {} : { from }),
    signUp: (email: string, from?: string, more: Record<string, string> = {}) =>
      request('POST', '/subscribe', { email, stamp: stamp(), ...more }, from === undefined ? {} : { from }),
  };
}

export async function linkIn(raw: Buffer | undefined, purpose: string): Promise<string> {
  const { text = '' } = await simpleParser(raw ?? '');
  return new RegExp(`https://papers\\.example\\.org/${purpose}/[\\w.-]+`).exec(text)?.[0] ?? 'no link';
}

export async function stateOf(app: App, email: string): Promise<string | undefined> {
  return (await findByAddress(app.store.db, email))?.state;
}
