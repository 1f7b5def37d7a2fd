const GONE = '(?:withdrawn|retracted)';
const WORK = '(?:paper|article|manuscript|submission|preprint|work|study|version|report|entry|publication)';
const TITLE = new RegExp(
  String.raw`^\W*${GONE}(?:\s+${WORK})?\s*[:\])]|[[(]${GONE}(?:\s+${WORK})?[\])]$`,
  'i',
);
const STILL_HERE = String.raw`(?!\s+from\s+(?!arxiv))`;
/** `This paper has been withdrawn`, `Paper withdrawn`; not `withdrawn from` a conference. */
const PASSIVE = String.raw`(?:this\s+(?:[\w-]+\s+){0,2}|(?:the|our)\s+)?${WORK}\s+(?:(?:has|have|had|was|is|been|being|now|to be)\s+){0,4}(?:temporarily\s+)?${GONE}\b${STILL_HERE}`;
/** `The authors have withdrawn this manuscript because …`. */
const ACTIVE = String.raw`(?:the\s+)?(?:(?:corresponding|first)\s+)?(?:authors?|author\(s\)|editors?|arxiv|biorxiv|medrxiv)\s+(?:has|have|had)\s+(?:now\s+)?${GONE}\s+(?:this|their|the)\s+(?:[\w-]+\s+){0,2}${WORK}`;
const BY_WHOM = String.raw`${GONE}\s+(?:(?:by|at the request of|from arxiv by)\s+)(?:(?:the|its|their|all|arxiv)\s+)?(?:[\w-]+\s+)?(?:authors?\b|author\(s\)|submitter|editors?|publisher|arxiv|admin)`;
/** How an abstract that has become a notice begins: what only mentions withdrawals says so further on. */
const NOTICE = new RegExp(
  String.raw`^\W*(?:this\s+(?:[\w-]+\s+){0,2}${WORK}\s+(?:has been|has now been|was|is|is being|had to be)\s+(?:temporarily\s+)?${GONE}\b${STILL_HERE}|(?:${WORK}\s+)?${BY_WHOM}|${ACTIVE}|(?:${WORK}\s+)?${GONE}\s*(?:[.!]|$))`,
  'i',
);
/** A comment is about the paper itself, and may say it after the number of its pages. */
const COMMENT = new RegExp(
  String.raw`(?:^|[.;,!(]\s*)(?:${PASSIVE}|${ACTIVE}|(?:temporarily\s+)?${GONE}\s*(?:$|[.!;:,)]|(?:by|due|because|as|at|for|pending|until|since|owing)\b))`,
  'i',
);

/**
 * Whether a paper says of itself that it is withdrawn or retracted, as clean text. A paper about withdrawn drugs
 * or retracted papers does not.
 * @param paper.comment what the authors note beside the abstract, where the source gives it
 */
export function isWithdrawn(paper: { title: string; abstract: string; comment?: string }): boolean {
  return (
    TITLE.test(paper.title) ||
    NOTICE.test(paper.abstract.slice(0, 400)) ||
    COMMENT.test((paper.comment ?? '').slice(0, 1000))
  );
}
