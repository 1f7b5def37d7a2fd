import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const inFolder = (folder: string) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name));
const DOCUMENTS = [
  ...inFolder('.'),
  ...inFolder('docs'),
  ...inFolder('docs/internals'),
  'subscribers/README.md',
].filter((path) => path.endsWith('.md'));

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(DOCUMENTS)('every link of %s leads to a file that is there, and to a heading in it', (path) => {
  const text = read(path).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file));
    expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
    if (anchor !== undefined)
      expect([link, anchorsOf(read(target))]).toEqual([link, expect.arrayContaining([anchor])]);
  }
});

const SOURCE_FILES = ['src', 'test', 'bench'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `/${folder}/${name}`),
);

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', ...inFolder('docs/internals')])(
  'every source file that %s names is there',
  (path) => {
    const named = [...read(path).matchAll(/`((?:[\w-]+\/)*[\w.-]+\.ts)`/g)].map(([, name]) => name);
    expect(named.filter((name) => !SOURCE_FILES.some((file) => file.endsWith(`/${name}`)))).toEqual([]);
  },
);
