import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, templates/ and samples/, in a checkout as in an installed package. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every file below a folder of the project: its path relative to that folder, and its text. */
export function readFiles(folder: string): Record<string, string> {
  return filesBelow(join(PROJECT_ROOT, folder));
}

/** The same of any folder. */
export function filesBelow(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

/** The version in package.json. */
export function programVersion(): string {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')).version;
}
