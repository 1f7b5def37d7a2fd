import type { Context } from 'hono';

/** A form as it was sent: the first text of a field, or all of them; a file counts as nothing. */
export type Form = {
  /** Whether the form had the field at all. */
  readonly has: (field: string) => boolean;
  readonly text: (field: string) => string;
  readonly all: (field: string) => readonly string[];
};

/** Reads an urlencoded or multipart body; anything else, or a broken one, is an empty form. */
export async function readForm(c: Context): Promise<Form> {
  const data = await c.req.formData().catch(() => new FormData());
  const all = (field: string) => data.getAll(field).filter((value) => typeof value === 'string');
  return { all, has: (field) => all(field).length > 0, text: (field) => all(field)[0] ?? '' };
}

/** Whether the caller sent JSON, and so wants it back. */
export function asksForJson(c: Context): boolean {
  return /^application\/json\b/i.test(c.req.header('Content-Type') ?? '');
}
