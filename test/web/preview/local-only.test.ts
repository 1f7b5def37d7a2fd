import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../../../src/runtime/serve.ts';
import { createPreview } from '../../../src/web/preview/preview-app.ts';

const render = async () => ({
  subject: 'Slow clocks',
  preheader: '',
  theme: 'journal',
  headers: '',
  html: '<p>https://papers.example.org/unsubscribe/ada</p>',
  text: '',
  raw: Buffer.from('Subject: Slow clocks\r\n\r\n'),
});

/** Asks a preview that really listens, with a header of the caller's choice. */
async function ask(path: string, headers: (port: number) => Record<string, string>) {
  const server = await listen(createPreview({ render, onChange: () => () => undefined }), '127.0.0.1', 0);
  try {
    const asked = request({
      port: server.port,
      path: path.replace('PORT', String(server.port)),
      headers: headers(server.port),
    });
    asked.end();
    const [response] = await once(asked, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode as number, text };
  } finally {
    await server.close();
  }
}

const PATHS = ['/', '/html', '/message.eml', '/assets/preview.js', '/nothing'];

test.each(PATHS)('the preview gives %s to nobody who calls this machine by another name', async (path) => {
  for (const host of [
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.',
    '10.0.0.1',
  ]) {
    const { status, text } = await ask(path, () => ({ Host: host }));
    expect([host, status]).toEqual([host, 403]);
    expect(text).toContain('answers only on the machine that it runs on');
    expect(text).not.toContain('unsubscribe');
  }
});

test('nor to a request that names it in the line and another in the header, or the other way round', async () => {
  expect((await ask('http://127.0.0.1:PORT/html', () => ({ Host: 'evil.example' }))).status).toBe(403);
  expect((await ask('http://evil.example/html', (port) => ({ Host: `127.0.0.1:${port}` }))).status).toBe(403);
});

test('nor to a page of another origin', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])
    expect((await ask('/html', (port) => ({ Host: `127.0.0.1:${port}`, Origin: origin }))).status).toBe(403);
});

test('it answers by the names of this machine, with and without a port, and its own pages', async () => {
  for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])
    for (const port of ['', ':8025'])
      expect([name, port, (await ask('/html', () => ({ Host: name + port }))).status]).toEqual([
        name,
        port,
        200,
      ]);
  const own = (port: number) => ({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` });
  expect((await ask('/html', own)).status).toBe(200);
});
