const LONGEST = 2000;

/**
 * The address when it is one that a reader may click: http or https, no user name or password.
 * @param base what a relative address is relative to
 */
export function webLink(text: string | undefined, base?: string): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.length > LONGEST || !URL.canParse(trimmed, base)) return undefined;
  const url = new URL(trimmed, base);
  const readable = url.protocol === 'http:' || url.protocol === 'https:';
  return readable && url.username === '' && url.password === '' ? url.href : undefined;
}
