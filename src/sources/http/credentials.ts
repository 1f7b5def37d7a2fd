/** What lets us read an address. It is sent to that address's origin alone, and stands in no text that anybody reads. */
export type Credentials = {
  /** With names in lower case. */
  readonly headers?: { readonly [name: string]: string };
  /** Added to the query of the address. */
  readonly query?: { readonly [name: string]: string };
};

const TELLING =
  /^(?:api[_-]?key|key|apikey|access[_-]?token|auth[_-]?token|token|auth|password|pass|secret|sig|signature)$/i;

/** The address as it is asked with the credentials. */
export function withQuery(url: string, { query = {} }: Credentials): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(query))
    address.search += `${address.search === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  return address.href;
}

/** The text of another without the credentials that it repeats: some servers do that when they refuse them. */
export function withoutCredentials(text: string, { headers = {}, query = {} }: Credentials): string {
  const values = [...Object.values(headers), ...Object.values(query)].flatMap((value) => [
    value,
    value.replace(/^\S+\s+/, ''),
  ]);
  return values.reduce((rest, value) => (value === '' ? rest : rest.replaceAll(value, '…')), text);
}

/** Of a text that is no address: everything between its first `//` and its last `@` may be a password. */
function withoutUserinfo(text: string): string {
  const start = text.indexOf('//') + 2;
  const end = text.lastIndexOf('@') + 1;
  return start > 1 && end > start ? text.slice(0, start) + text.slice(end) : text;
}

/** The address without user name, password and what looks like a key in its query. */
export function publicUrl(text: string): string {
  if (!URL.canParse(text)) return withoutUserinfo(text).slice(0, 200);
  const url = new URL(text);
  url.username = '';
  url.password = '';
  for (const name of [...url.searchParams.keys()])
    if (TELLING.test(name)) url.searchParams.set(name, 'hidden');
  return url.href.slice(0, 200);
}
