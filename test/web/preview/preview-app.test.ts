import { expect, test } from 'vitest';
import { Fault } from '../../../src/domain/fault.ts';
import { checkMail } from '../../../src/web/preview/mail-checks.ts';
import { createPreview } from '../../../src/web/preview/preview-app.ts';
import type { PreviewPage } from '../../../src/web/preview/preview-mail.ts';

const MAIL: PreviewPage = {
  subject: 'Slow clocks & <b>more</b>',
  preheader: 'Also: a preheader that is long enough to be seen by somebody',
  theme: 'journal',
  headers: 'Subject: Slow clocks\r\nFrom: Offprint <o@papers.example>',
  html: '<p style="color:red">Gardens</p>',
  text: 'Gardens <wait>',
  raw: Buffer.from('Subject: Slow clocks\r\n\r\nGardens\r\n'),
};

test('the preview shows headers, text, sizes and the mail in sandboxed frames', async () => {
  const response = await preview().request('/');
  const page = await response.text();
  expect(page).toContain('Slow clocks &amp; &lt;b&gt;more');
  expect(page).toContain('From: Offprint &lt;o@papers.example&gt;');
  expect(page).toContain('Gardens &lt;wait&gt;');
  expect(page).toContain('32 bytes');
  expect(page.match(/<iframe[^>]*\ssandbox="allow-popups /g)).toHaveLength(5);
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
});

test('the mail itself is served unchanged and may run nothing', async () => {
  const html = await preview().request('/html');
  expect(await html.text()).toBe(MAIL.html);
  expect(html.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; frame-ancestors 'self'",
  );
  const eml = await preview().request('/message.eml');
  expect(Buffer.from(await eml.arrayBuffer())).toEqual(MAIL.raw);
  expect(eml.headers.get('content-disposition')).toContain('attachment');
});

test('a frame shows the mail in light or dark whatever the browser prefers, and without images when asked', async () => {
  const html =
    '<style>:root{color-scheme: light dark}@media (prefers-color-scheme: dark) {p{color:#fff}}</style>';
  const app = preview({ ...MAIL, html });
  expect(await (await app.request('/html?scheme=dark')).text()).toContain('@media all {p{color:#fff}}');
  const light = await app.request('/html?scheme=light&images=off');
  expect(await light.text()).toBe('<style>:root{color-scheme: light}@media not all {p{color:#fff}}</style>');
  expect(light.headers.get('content-security-policy')).toContain("img-src 'none'");
});

test('any theme can be looked at, and only a theme', async () => {
  const asked: (string | undefined)[] = [];
  const render = async (theme?: string) => {
    asked.push(theme);
    return { ...MAIL, theme: theme ?? 'plain' };
  };
  const app = createPreview({ render, onChange: () => () => undefined });
  expect(await (await app.request('/?theme=card')).text()).toContain(
    '<a href="/?theme=card" aria-current="page">',
  );
  await app.request('/html?theme=../x');
  expect(asked).toEqual(['card', undefined]);
});

test('the checklist tells what is missing and which links are dead', async () => {
  const headers = 'From: Offprint <o@localhost>';
  const text = `Gardens\n${'long '.repeat(20)}`;
  const html =
    '<p><a href="https://a.example/?x&#x3D;1">one</a> <a href="mailto:x@y.example">two</a></p><img src="x">';
  const deadLinks = new Map([['https://a.example/?x=1', 'answers 404']]);
  const found = checkMail({ ...MAIL, headers, text, html }, deadLinks).filter(
    ({ state }) => state !== 'good',
  );
  expect(found.map(({ text }) => text)).toEqual([
    'No one-click unsubscribe: SITE_URL is not https',
    'Not signed here: the relay must sign (DKIM_DOMAIN)',
    'From localhost: set MAIL_FROM to an address of your domain',
    'An image has no text',
    '1 lines of the text part are wider than 78 columns',
    'The text part has no line with the unsubscribe link',
    'Links of another kind: mailto:x@y.example',
    'https://a.example/?x=1 answers 404',
  ]);
});

test('a mail that Gmail would cut is marked', async () => {
  const page = await (await preview({ ...MAIL, html: 'x'.repeat(102_401) }).request('/')).text();
  expect(page).toContain('102,401 bytes: Gmail cuts it at 102,400 bytes');
});

test('a broken template shows its fault and goes on reloading', async () => {
  const fault = new Fault('TEMPLATE_BROKEN', 'issue.mjml: line 3 <mj-x>', 'Mend it.');
  const app = createPreview({ render: () => Promise.reject(fault), onChange: () => () => undefined });
  const page = await (await app.request('/')).text();
  expect(page).toContain('issue.mjml: line 3 &lt;mj-x&gt;');
  expect(page).toContain('Mend it.');
  expect(page).toContain('/assets/preview.js');
});

test('a change is told to the page until it goes away', async () => {
  const listeners = new Set<() => void>();
  const gone = Promise.withResolvers<void>();
  const app = createPreview({
    render: async () => MAIL,
    onChange: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        gone.resolve();
      };
    },
  });
  const response = await app.request('/events');
  const subscriber = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await subscriber?.read())?.value).toContain('event: ready');
  for (const tell of listeners) tell();
  expect((await subscriber?.read())?.value).toContain('event: change');
  await subscriber?.cancel();
  await gone.promise;
  expect(listeners.size).toBe(0);
});

function preview(mail = MAIL) {
  return createPreview({ render: async () => mail, onChange: () => () => undefined });
}
