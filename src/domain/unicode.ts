/** No script puts so many combining marks on one letter. */
const EXCESS_MARKS = /(\p{M}{10})\p{M}+/gu;
const ANY_MARK = /\p{M}/u;

/**
 * Unicode normalisation whose time is linear in the length of any text. Alone it is not: a run of combining marks is
 * sorted by insertion, so a run of 80,000 takes seconds. Marks beyond the tenth of a run are dropped.
 */
export function normalized(text: string, form: 'NFC' | 'NFKD'): string {
  return (ANY_MARK.test(text) ? text.replace(EXCESS_MARKS, '$1') : text).normalize(form);
}

const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The text without what XML 1.0 (section 2.2) cannot hold: most controls, half a surrogate pair. */
export function withoutNonXml(text: string): string {
  return text.replace(NOT_XML, '');
}
