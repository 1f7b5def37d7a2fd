/**
 * Splits a record of CSV into its cells (RFC 4180), with blanks around quotes. A cell that is a mailbox with a quoted name,
 * `"Berg, Bo" <bo@example.org>`, is taken as it stands.
 * @returns `open` when a quote is not closed: the cell may go on in the next line; `broken` when a quote stands where
 * none may
 */
export function readCells(record: string, delimiter: string): string[] | 'open' | 'broken' {
  if (!record.includes('"')) return record.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const start = skipBlanks(record, at, delimiter);
    const isQuoted = record[start] === '"';
    const close = isQuoted ? closingQuote(record, start + 1) : at - 1;
    if (isQuoted && close < 0) return 'open';
    const next = record.indexOf(delimiter, close + 1);
    const end = next < 0 ? record.length : next;
    const plain = record.slice(close + 1, end).trim();
    const quoted = isQuoted ? record.slice(start, close + 1) : '';
    const cell = joinCell(quoted, plain);
    if (cell === undefined) return 'broken';
    cells.push(cell);
    if (next < 0) return cells;
    at = end + 1;
  }
}

/** @param quoted with its quotes; empty where the cell has none @param plain what stands outside of quotes */
function joinCell(quoted: string, plain: string): string | undefined {
  if (quoted === '') return plain.includes('"') ? undefined : plain;
  const text = quoted.slice(1, -1).replaceAll('""', '"');
  if (plain === '') return text;
  return /^<[^<>"]*>$/.test(plain) ? `"${text.replace(/["\\]/g, '\\$&')}" ${plain}` : undefined;
}

/** The first quote that is not doubled. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return -1;
}

function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at]?.trim() === '') at += 1;
  return at;
}
