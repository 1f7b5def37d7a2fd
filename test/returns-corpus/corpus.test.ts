import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Return } from '../../src/domain/return.ts';
import { parseMail } from '../../src/returns/mail/parse-mail.ts';
import { readMail } from '../../src/returns/mail/read-mail.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/bounces');
const LINE_ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' };

/** What each mail is expected to be, one row for each recipient in it. */
function expected() {
  if (!existsSync(FOLDER)) throw new Error(`there is no ${FOLDER} beside this checkout to read`);
  const lines = readFileSync(join(FOLDER, 'expected.tsv'), 'utf8').trim().split('\n').slice(1);
  const rows = lines.map((line) => {
    const [file = '', , kind = '', , type = ''] = line.split('\t');
    return { file, kind, type };
  });
  return Map.groupBy(rows, ({ file }) => file);
}

async function readAs(file: string, ending: keyof typeof LINE_ENDS): Promise<Return> {
  const raw = readFileSync(join(FOLDER, 'mails', file), 'latin1').replace(/\r\n?|\n/g, LINE_ENDS[ending]);
  return readMail(['secret'], await parseMail(Buffer.from(raw, 'latin1')));
}

test.each(Object.keys(LINE_ENDS) as (keyof typeof LINE_ENDS)[])(
  'of real returned mails hard ones are found, and others are not taken for them (%s)',
  async (ending) => {
    const found = { right: 0, wrong: [] as string[], hard: 0 };
    for (const [file, rows] of expected()) {
      const isHard = rows.every(({ type }) => type === 'hard');
      const reading = await readAs(file, ending);
      if (isHard) found.hard += 1;
      if (reading.class === 'hard' && isHard) found.right += 1;
      if (reading.class === 'hard' && !isHard) found.wrong.push(file);
    }
    const precision = found.right / (found.right + found.wrong.length);
    const recall = found.right / found.hard;
    console.log({ ending, precision, recall, ...found });
    expect(precision).toBeGreaterThanOrEqual(0.97);
    expect(recall).toBeGreaterThanOrEqual(0.4);
  },
);

test.each(Object.keys(LINE_ENDS) as (keyof typeof LINE_ENDS)[])(
  'every complaint is known as one, and no vacation, delay or other feedback is more than it is (%s)',
  async (ending) => {
    for (const [file, rows] of expected()) {
      const kind = rows[0]?.kind ?? '';
      const reading = await readAs(file, ending);
      if (kind.includes('complaint'))
        expect([file, ['complaint', 'unsubscribe']]).toEqual([file, expect.arrayContaining([reading.kind])]);
      else if (/^(delayed|vacation|feedback-other|delivered)$/.test(kind))
        expect([file, reading.class]).toEqual([file, undefined]);
      expect([file, reading.about]).toEqual([file, undefined]);
    }
  },
);
