/** No script puts so many combining marks on one letter. */
const MOST_MARKS = 10;
/** Few texts have so many in a row. */
const MANY_MARKS = /\p{M}{5}/u;
const RUN_OF_MARKS = /\p{M}{2,}/gu;
/** Nearly every text in Latin letters has none of these, which is soon seen. */
const MAY_HAVE_MARKS = /[^\0-\u02ff\u2000-\u20cf\u2100-\u2bff]/;
const NONCHARACTERS = noncharacters();

/**
 * Unicode normalisation whose time is linear in the length of any text. Alone it is not: a run of combining marks is
 * sorted by insertion, so a run of 80,000 takes seconds. Marks beyond the tenth of a run are dropped.
 * @param most how many marks of a run are left in the result
 */
export function normalized(text: string, form: 'NFC' | 'NFKD', most = MOST_MARKS): string {
  if (!MAY_HAVE_MARKS.test(text) || !MANY_MARKS.test(text)) return text.normalize(form);
  return withFewMarks(withFewMarks(text, MOST_MARKS).normalize(form), most);
}

function withFewMarks(text: string, most: number): string {
  return text.replace(RUN_OF_MARKS, (run) => [...run].slice(0, most).join(''));
}

/** The well-formed text without the code points that Unicode promises never to make characters of. */
export function withoutNoncharacters(text: string): string {
  return text.replace(NONCHARACTERS, '');
}

/** In UTF-16 units: `\p{Noncharacter_Code_Point}` costs three times as much. The last two of each plane are among them. */
function noncharacters(): RegExp {
  const planes = Array.from({ length: 16 }, (_, plane) => String.fromCharCode(0xd83f + plane * 0x40)).join(
    '',
  );
  return new RegExp(`[\\ufdd0-\\ufdef\\ufffe\\uffff]|[${planes}][\\udffe\\udfff]`, 'g');
}

const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The text without what XML 1.0 (section 2.2) cannot hold: most controls, half a surrogate pair. */
export function withoutNonXml(text: string): string {
  return text.replace(NOT_XML, '');
}
