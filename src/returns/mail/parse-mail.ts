import { createHash } from 'node:crypto';
import { type MimeNode, Splitter } from '@zone-eu/mailsplit';

/** The fields of a header by their names in lower case, unfolded, in their order. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** A leaf of a mail: anything but a multipart. */
type MailPart = {
  /** `text/plain` where none is named. */
  readonly type: string;
  /** Decoded from its transfer encoding, and read as UTF-8: codes and tags are ASCII in whatever charset. */
  readonly text: string;
};

/** A mail as far as it is looked at. Plain values, which can be sent from one process to another. */
export type ParsedMail = {
  readonly fields: Fields;
  /** Of the whole, such as `multipart/report`. */
  readonly type: string;
  readonly parts: readonly MailPart[];
  /** Names the mail: of its Message-ID and date, or of its bytes where it has none. */
  readonly digest: string;
};

/** What is read of a mail: an echo is its first part, and what strangers append is nobody's concern. */
export const MOST_BYTES = 256 * 1024;
const MOST_PARTS = 1000;
const MOST_FIELDS = 50;
const LONGEST_FIELD = 8 * 1024;

/**
 * Takes a mail apart (RFC 5322, 2045). Nothing in it is decompressed, followed or run.
 * @param raw the first `MOST_BYTES` of a mail, or all of it; with any line ends
 * @throws when it has more parts than any mail has
 */
export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const bytes = withLineFeeds(Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, MOST_BYTES)));
  const splitter = new Splitter({ ignoreEmbedded: true, maxChildNodes: MOST_PARTS, maxHeadSize: MOST_BYTES });
  const parts: Leaf[] = [];
  let root: MimeNode | undefined;
  splitter.end(bytes);
  for await (const chunk of splitter) {
    if (chunk.type === 'node') {
      root ??= chunk;
      if (!chunk.multipart) parts.push(leafOf(chunk));
    } else if (chunk.type === 'body') parts.at(-1)?.write(chunk.value);
  }
  const fields = fieldsOf(root);
  return {
    fields,
    type: root?.contentType || 'text/plain',
    parts: await Promise.all(parts.map(async ({ type, text }) => ({ type, text: await text() }))),
    digest: digestOf(fields, bytes),
  };
}

/** Each by itself: what is wrong with one mail is nothing to the others. */
export async function parseMailsHere(raws: readonly Uint8Array[]): Promise<(ParsedMail | undefined)[]> {
  const parsed: (ParsedMail | undefined)[] = [];
  for (const raw of raws) parsed.push(await parseMail(raw).catch(() => undefined));
  return parsed;
}

type Leaf = { readonly type: string; write(bytes: Buffer): void; text(): Promise<string> };

function leafOf(node: MimeNode): Leaf {
  const decoder = node.getDecoder();
  const pieces: Buffer[] = [];
  decoder.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => {
    decoder.on('end', resolve);
    decoder.on('error', () => resolve());
  });
  return {
    type: (node.contentType || 'text/plain').toLowerCase(),
    write: (bytes) => void decoder.write(bytes),
    text: async () => {
      decoder.end();
      await ended;
      return Buffer.concat(pieces).toString('utf8').replace(/\r\n?/g, '\n');
    },
  };
}

/** Some systems end lines with CR alone. */
function withLineFeeds(bytes: Buffer): Buffer {
  if (bytes.includes(10)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 13 ? 10 : byte)));
}

function fieldsOf(node: MimeNode | undefined): Fields {
  if (!node?.headers) return new Map();
  return collectFields(node.headers.getList().map(({ line }) => line));
}

/** The fields of a header that stands in a part, such as the copy of a mail that came back. */
export function parseFields(text: string): Fields {
  const head = text.replace(/^\s*\n/, '').split(/\n[ \t]*\n/, 1)[0] ?? '';
  return collectFields(head.split(/\n(?![ \t])/));
}

function collectFields(lines: readonly string[]): Fields {
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1 || colon > 100) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const values = fields.get(name) ?? [];
    if (values.length < MOST_FIELDS)
      values.push(
        line
          .slice(colon + 1, colon + 1 + LONGEST_FIELD)
          .replace(/\s+/g, ' ')
          .trim(),
      );
    fields.set(name, values);
  }
  return fields;
}

function digestOf(fields: Fields, bytes: Buffer): string {
  const id = fields.get('message-id')?.[0];
  const hash = createHash('sha256');
  if (id) hash.update(`${id}\n${fields.get('date')?.[0] ?? ''}`);
  else hash.update(bytes);
  return hash.digest('hex').slice(0, 32);
}
