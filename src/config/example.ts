import { SETTINGS } from './table.ts';

/** The text of `.env.example`: each setting with its explanation and default, commented out. */
export function exampleEnv(): string {
  const rows = Object.entries(SETTINGS).map(([name, row]) => `# ${row.doc}\n#${name}=${row.default}\n`);
  const head =
    '# Settings of Offprint. Copy this file to .env and uncomment what you change: every one is optional.\n';
  return [head, ...rows].join('\n');
}
