import type { ZodType } from 'zod';

/** One row of the table of settings. */
export type Setting<Value> = {
  /** One or two sentences for `.env.example` and `docs/settings.md`. */
  readonly doc: string;
  /** As it would be written in `.env`; an empty one means "not set". */
  readonly default: string;
  /** Reads the text; its messages say what was expected. */
  readonly parse: ZodType<Value, string>;
  /** Another name that other programs give it in the environment. */
  readonly alsoNamed?: string;
  /** Never printed, not even in an error. */
  readonly secret?: true;
};

/** Keeps the value's type while the table is written as one object. */
export function setting<Value>(row: Setting<Value>): Setting<Value> {
  return row;
}
