import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config/load.ts';
import { clientBehind } from '../src/web/client.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Where Docker's bridge says that every visitor comes from. */
const BRIDGES = ['172.17.0.1', '192.168.65.1', '10.89.0.1', '127.0.0.1'];

test.each([
  ['the image', /TRUST_PROXY=(\S+)/.exec(read('Dockerfile'))?.[1]],
  ['compose.yaml', /TRUST_PROXY: \$\{TRUST_PROXY:-(\S+)\}/.exec(read('compose.yaml'))?.[1]],
])('in %s a visitor behind a proxy of the host counts as themselves', (_, value) => {
  const trusted = loadConfig({ TRUST_PROXY: value }).TRUST_PROXY;
  for (const bridge of BRIDGES)
    expect(clientBehind(bridge, '203.0.113.9', trusted).address).toBe('203.0.113.9');
  expect(clientBehind('203.0.113.9', '198.51.100.1', trusted).address).toBe('203.0.113.9');
});

test('every port that is published is one of the host alone: nobody else may say where a visitor comes from', () => {
  const published = ['compose.yaml', 'docs/scaling.md', 'README.md'].flatMap((path) =>
    [...read(path).matchAll(/(?:-p |ports: \[?')([\d.:]+)/g)].map(([, port = '']) => port),
  );
  expect(published.length).toBeGreaterThan(1);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});
