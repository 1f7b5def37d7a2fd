import type { EntryTexts } from './entry-ids.ts';

/** `DO  - 10.1000/x`; some programs write one space less. */
const LINE = /^([A-Z][A-Z0-9]) {1,2}- ?(.*)$/;
const IDS = ['DO', 'AN'];
const TEXTS = ['UR', 'LK', 'L1', 'L2', 'M1', 'M3', 'N1', 'C7', 'JO', 'JF', 'T2', 'ID', 'PB'];

/** RIS, as its publisher describes it: `TY` begins an entry and `ER` ends it; a lost `ER` ends with the next `TY`. */
export function readRis(text: string): EntryTexts[] {
  const entries: { readonly ids: string[]; readonly texts: string[] }[] = [];
  for (const line of text.split(/\r\n?|\n/)) {
    const [, tag = '', value = ''] = LINE.exec(line) ?? [];
    if (tag === 'TY') entries.push({ ids: [], texts: [] });
    if (IDS.includes(tag)) entries.at(-1)?.ids.push(value.trim());
    if (TEXTS.includes(tag)) entries.at(-1)?.texts.push(value.trim());
  }
  return entries;
}
