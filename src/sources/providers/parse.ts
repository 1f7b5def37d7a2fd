/** An answer as it came. */
export type RawAnswer = {
  readonly body: Uint8Array;
  readonly headers: { readonly [name: string]: string };
};

/**
 * What makes something of an answer's text: a pure function of `parsers.ts`, whose arguments and result are plain data,
 * so that it can run in another process.
 */
export type Parser<Args extends readonly unknown[], Result> = (
  text: string,
  ...args: Args
) => Result | Promise<Result>;

/**
 * Makes of an answer what the parser makes of its text. Whoever wrote the text may mean harm: where this runs, and
 * with which limits, is decided where the program is put together.
 * @throws what the parser throws, or an error that says which limit was exceeded
 */
export type Parse = <Args extends readonly unknown[], Result>(
  parser: Parser<Args, Result>,
  answer: RawAnswer,
  ...args: Args
) => Promise<Result>;

/** Parsing that is given up when the signal fires. */
export type ParseUntil = (signal: AbortSignal) => Parse;
