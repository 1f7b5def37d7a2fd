import { SETTINGS } from './table.ts';

/** The text of `.env.example`: each setting with its explanation and default, commented out. */
export function exampleEnv(): string {
  const rows = Object.entries(SETTINGS).map(([name, row]) => `# ${row.doc}\n#${name}=${row.default}\n`);
  const head =
    '# Settings of Offprint. Copy this file to .env and uncomment what you change: every one is optional.\n';
  return [head, ...rows].join('\n');
}

/** The text of `docs/settings.md`: a table of every setting with its default and explanation. */
export function exampleDocs(): string {
  const rows = Object.entries(SETTINGS).map(
    ([name, row]) =>
      `| \`${name}\` | ${row.default === '' ? '' : cell(`\`${row.default}\``)} | ${cell(row.doc)} |`,
  );
  return `${DOCS_HEAD}\n| name | default | what it does |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const DOCS_HEAD = `# Settings

Settings come from the environment, or from a file \`.env\` in the folder that Offprint runs in; \`.env.example\` has
them all. Every one is optional, and an empty one counts as not set. What cannot be read is reported at the start, all
problems at once, and nothing runs until it is corrected; so is a name in \`.env\` that is nearly a setting's, such as \`MAIL_FORM\`.

<!-- Made from src/config/table.ts by "npm run env:example". -->
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
