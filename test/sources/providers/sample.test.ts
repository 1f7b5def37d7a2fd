import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sampleEntries } from '../../../src/sources/providers/sample.ts';

const file = (name: string) => readFileSync(new URL(`../../../samples/${name}`, import.meta.url), 'utf8');

test('the sample day reads as the real sources do, with links to nowhere but example.org', () => {
  const entries = sampleEntries(
    { huggingface: file('huggingface.json'), arxiv: file('arxiv.xml') },
    Date.UTC(2026, 0, 6),
  );
  expect(entries).toHaveLength(18);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(18);
  for (const entry of entries) {
    expect(entry.ids.arxiv).toMatch(/^2601\.99\d{3}$/);
    expect(entry.listedOn).toBe('2026-01-05');
    expect(entry.abstract.length).toBeGreaterThan(250);
    expect(entry.authors.length).toBeGreaterThan(0);
    for (const link of Object.values(entry.links)) expect(link).toMatch(/^https:\/\/example\.org\//);
  }
  const titles = entries.map(({ title }) => title).join('\n');
  for (const part of ['$60 GPUs', '<think>', 'R&D']) expect(titles).toContain(part);
  expect(titles).not.toContain('\\');
});
