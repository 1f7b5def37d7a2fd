import type { Context } from 'hono';
import { LONGEST_ADDRESS } from '../domain/address.ts';
import { parseShallowJson } from '../domain/shallow-json.ts';

/**
 * The longest meaningful value of each form field. Only one character more is read: enough to be recognised as invalid,
 * and short enough that any later processing is cheap.
 */
const LONGEST = {
  email: 2 * LONGEST_ADDRESS,
  stamp: 40,
  proof: 4000,
  plain: 10,
  /** A hidden field that only bots fill in. */
  subject: 200,
  topics: 1000,
  deliver_at: 5,
  timezone: 64,
  rhythm: 10,
  day: 3,
  topic: 100,
  picks: 3,
  interests: 10_000,
  mutes: 10_000,
  pause: 4,
  language: 35,
  for: 10,
  paper: 30,
  say: 4,
} as const;

export type Field = keyof typeof LONGEST;

/** More fields than any form has. */
const MOST_FIELDS = 100;

/** Deeper than any JSON that we accept. */
const DEEPEST = 8;

/** A form as it was sent: the first text of a field, or all of them; a file counts as nothing. */
export type Form = {
  /** Whether the form had the field at all. */
  readonly has: (field: Field) => boolean;
  readonly text: (field: Field) => string;
  readonly all: (field: Field) => readonly string[];
};

/** Reads an urlencoded or multipart body; anything else, or a broken one, is an empty form. */
export async function readForm(c: Context): Promise<Form> {
  const data = await c.req.formData().catch(() => new FormData());
  const sent = [...data].slice(0, MOST_FIELDS);
  const texts = sent.flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value }] : []));
  const byName = Map.groupBy(texts, ({ name }) => name);
  const all = (field: Field) => (byName.get(field) ?? []).map(({ value }) => cut(field, value));
  return { all, has: (field) => byName.has(field), text: (field) => all(field)[0] ?? '' };
}

/** Reads the string fields of a JSON object like those of a form. A proof may also be an object; it is returned as JSON. */
export async function readJsonFields(c: Context): Promise<Form['text']> {
  const body = await readJson(c);
  const fields = new Map(typeof body === 'object' && body !== null ? Object.entries(body) : []);
  return (field) => {
    const value: unknown = fields.get(field);
    if (typeof value === 'string') return cut(field, value);
    const isProof = field === 'proof' && typeof value === 'object' && value !== null;
    return isProof ? cut(field, JSON.stringify(value)) : '';
  };
}

/** @returns `undefined` if the body is not JSON or is nested too deeply */
export async function readJson(c: Context): Promise<unknown> {
  return parseShallowJson(await c.req.text(), DEEPEST);
}

/** Whether the caller sent JSON, and so wants it back. */
export function asksForJson(c: Context): boolean {
  return /^application\/json\b/i.test(c.req.header('Content-Type') ?? '');
}

/** Whether a field's text was too long and has been cut. */
export function isCut(field: Field, text: string): boolean {
  return text.length > LONGEST[field];
}

function cut(field: Field, text: string): string {
  return text.slice(0, LONGEST[field] + 1);
}
