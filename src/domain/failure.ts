/** Why something failed, in one line. */
export function messageOf(error: unknown): string {
  // Node tries every address of a name and then throws one error around all: the first says enough.
  const first = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  return first instanceof Error ? first.message || first.name : String(first);
}
