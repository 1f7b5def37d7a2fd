/** What a server quotes of an envelope. */
const ADDRESS = /<?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9.-]{1,255}>?/gi;
/** The reply code (RFC 5321 §4.2) and the enhanced code (RFC 3463) that each line of a reply may begin with. */
const CODES = /^\s*([245]\d\d)(?:[ -]|$)\s*([245]\.\d{1,3}\.\d{1,3})?/;
/** A link, a name of a host, an address of a machine, an id: a word with a figure in it, or several joined by points. */
const PARTICULAR = /\d|:\/\/|\S\.\S/;

/** No longer part of a reply says more. */
const LONGEST = 1000;

/** A server's words for a log or for the operator: without the addresses that it quotes. */
export function withoutAddresses(reply: string): string {
  return reply.slice(0, LONGEST).replace(ADDRESS, '<…>');
}

/**
 * What a reply says, whoever it is about: replies of one shape are one statement. The codes of its first line and its words
 * count; addresses, hosts, links, ids and times, and how it is cut into lines, do not.
 */
export function replyShape(reply: string): string {
  const lines = reply.slice(0, LONGEST).toLowerCase().replace(ADDRESS, ' ').split(/\r?\n/);
  const codes = CODES.exec(lines[0] ?? '')?.slice(1) ?? [];
  const words = lines
    .flatMap((line) => line.replace(CODES, '').split(/\s+/))
    .filter((word) => !PARTICULAR.test(word))
    .flatMap((word) => word.match(/\p{L}+/gu) ?? []);
  return [...codes, ...words].filter(Boolean).join(' ');
}
