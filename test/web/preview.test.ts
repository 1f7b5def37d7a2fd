import { expect, test } from 'vitest';
import { Fault } from '../../src/domain/fault.ts';
import { createPreview, type PreviewPage } from '../../src/web/preview.ts';

const MAIL: PreviewPage = {
  subject: 'Slow clocks & <b>more</b>',
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
  expect(page.match(/<iframe[^>]*\ssandbox="allow-popups /g)).toHaveLength(2);
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
  const app = createPreview({
    render: async () => MAIL,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const response = await app.request('/events');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('event: ready');
  for (const tell of listeners) tell();
  expect((await reader?.read())?.value).toContain('event: change');
  await reader?.cancel();
  await expect.poll(() => listeners.size).toBe(0);
});

function preview(mail = MAIL) {
  return createPreview({ render: async () => mail, onChange: () => () => undefined });
}
