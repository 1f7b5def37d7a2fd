/** The package has no types of its own: what we use of it. */
declare module 'bibtex-parse' {
  type Entry = { readonly [field: string]: string };
  const parser: {
    /** @throws SyntaxError for the whole text when one entry is broken */
    entries(text: string, options: { readonly number: 'string' }): Entry[];
  };
  export default parser;
}
