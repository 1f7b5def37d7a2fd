import type { z } from 'zod';
import type { WeekClock } from '../domain/edition.ts';
import { Fault } from '../domain/fault.ts';
import { settingMeant } from './env-file.ts';
import type { Setting } from './setting.ts';
import { type Pages, problemsWithoutPages } from './site.ts';
import { SETTINGS } from './table.ts';

type Table = typeof SETTINGS;

type Values = { readonly [Name in keyof Table]: z.output<Table[Name]['parse']> };

/** The settings by their environment names, read and checked; SITE_URL is empty where there are no pages. */
export type Config = Values & { readonly pages: Pages };

/**
 * Reads every setting from the environment. An empty value counts as not set.
 * @param written the names in the `.env` file: one that is nearly a setting's is a mistake
 * @throws Fault SETTINGS_INVALID that names all that is wrong at once, each with what was expected
 */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>>,
  written: readonly string[] = [],
): Config {
  const problems: string[][] = written.flatMap((name) => misnamed(name) ?? []);
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries<Setting<unknown>>(SETTINGS)) {
    const given = environment[name]?.trim() || environment[row.alsoNamed ?? name]?.trim() || row.default;
    const result = row.parse.safeParse(given);
    if (result.success) values[name] = result.data;
    else problems.push(result.error.issues.map((issue) => problem(name, given, row, issue.message)));
  }
  const config = withPages(values as Values);
  problems.push(...problemsWithoutPages(config).map((line) => [line]));
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'A setting is' : `${problems.length} settings are`;
    throw new Fault(
      'SETTINGS_INVALID',
      `${count} invalid:\n${problems.flat().join('\n')}`,
      'Correct .env or the environment; docs/settings.md explains each setting.',
    );
  }
  return config;
}

function withPages(values: Values): Config {
  const { SITE_URL, PORT } = values;
  if (SITE_URL === 'none') return { ...values, SITE_URL: '', pages: 'none' };
  if (SITE_URL) return { ...values, pages: 'public' };
  return { ...values, SITE_URL: `http://localhost:${PORT}`, pages: 'here' };
}

function misnamed(name: string): [string[]] | undefined {
  const meant = settingMeant(name);
  return meant === undefined ? undefined : [[`  ${name}: there is no such setting; did you mean ${meant}?`]];
}

/** An address in any setting may hold a password, which may have any sign in it: what is shown begins after the last @. */
function problem(name: string, given: string, row: Setting<unknown>, expected: string): string {
  const plain = given.replace(/\/\/.*@/gs, '//').replace(/\bheader=[\s\S]*$/, 'header=…');
  const shown = row.secret
    ? '(hidden)'
    : JSON.stringify(plain.length > 80 ? `${plain.slice(0, 80)}…` : plain);
  return `  ${name}=${shown}: expected ${expected}`;
}

/** Whether mails go to real mailboxes: a sample issue never may. */
export function usesSmtp({ SMTP_URL }: Pick<Config, 'SMTP_URL'>): boolean {
  return SMTP_URL.length > 0;
}

/** When issues are frozen. */
export function issueClockOf({
  ISSUE_CRON,
  ISSUE_TIMEZONE,
  WEEKLY_ON,
}: Pick<Config, 'ISSUE_CRON' | 'ISSUE_TIMEZONE' | 'WEEKLY_ON'>): WeekClock {
  return { cron: ISSUE_CRON, timezone: ISSUE_TIMEZONE, weeklyOn: WEEKLY_ON };
}
