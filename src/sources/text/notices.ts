import { isWithdrawn } from './withdrawn.ts';

/** What journals put into their feeds that reports no work: titles that are nothing else, from their first word to the last. */
const PARATEXT = new RegExp(
  `^(?:${[
    'issue information(?:.{0,60})?',
    String.raw`(?:editorial|advisory|international|scientific) (?:advisory |review )?board(?:[\s,/–—-].{0,80})?`,
    '(?:editors?|board of editors|editorial team)',
    '(?:full |graphical )?(?:table of )?contents(?:[,:–—-]? (?:list|page|volume|vol|to volume|issue).{0,60})?',
    'toc',
    '(?:inside |outside )?(?:front|back) (?:inside )?(?:cover|matter)(?: .{0,60})?',
    '(?:inside |outside )(?:front |back )?cover(?:[:,] .{0,150})?',
    'cover(?: (?:image|picture|feature|page|profile|story|art))?(?:[:,] .{0,150})?',
    '.{0,80}(?:cover and )?(?:front|back) matter',
    'masthead',
    'title page',
    'copyright(?: page)?',
    'frontispiece(?:[:,] .{0,100})?',
    'graphical abstracts?',
    '(?:subscription|publication|publisher|society|ordering) information',
    'ieee .{0,120}(?:publication|society|author)s? information',
    '(?:instructions|information|guide(?:lines)?|notes?) (?:for|to) (?:the )?(?:authors?|contributors?|subscribers|readers)',
    '(?:author|subject|keyword|annual|volume) index(?: .{0,60})?',
    String.raw`(?:acknowledge?ments?|thanks?|thank you) (?:to|of) (?:our |the )?(?:\d{4} )?(?:reviewers|referees).{0,80}`,
    String.raw`(?:list of |our )?(?:\d{4} )?(?:reviewers|referees)(?: (?:list|acknowledge?ment|for|in|of) ?.{0,60})?`,
    'blank page',
    '(?:aims and scope|imprint|impressum|advertisements?|announcements?|calendar(?: of events)?|forthcoming papers?|in the next issue)',
  ].join('|')})\\W*$`,
  'i',
);
const WHOSE = String.raw`(?:(?:authors?|publishers?|editors?|editorial)(?:['’]s?)?\s+)`;
const NOTICE = new RegExp(
  [
    String.raw`^\W*${WHOSE}?(?:corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|(?:expression|statement) of (?:editorial )?concern|(?:retraction|correction|removal|withdrawal) (?:note|notice)|notice of (?:retraction|correction|removal|redundant publication|concern))\b`,
    String.raw`^\W*${WHOSE}(?:corrections?|retractions?)\b`,
    String.raw`^\W*(?:corrections?|retractions?|removal|withdrawal|clarification)\s*(?:(?:to|for|of)?\s?[:–—]|\.?$)`,
    String.raw`[([]\s*${WHOSE}?(?:corrections?|corrigendum|erratum|retraction|expression of concern)\s*[)\]]\W*$`,
    String.raw`^\W*(?:authors?['’]?s?['’]?\s+)?(?:reply|response|rebuttal)\s*(?:to)?\s*(?:[.:]?$|[.:]\s|\s(?:["“‘'«(]|the (?:comments?|letters?|editor)|comments?\b|letters?\b|dr\.?\s|rc\d|referee|reviewer|\S+ (?:et al|and \S+:)))`,
    String.raw`^(?:rc|ac|cc|ec|sc)\d{1,3}:\s`,
    String.raw`^(?:referee|reviewer|editor) (?:comment|report)s?\b`,
  ].join('|'),
  'iu',
);
/** Of a title or a name; corrections to scaling are work. */
const OF_A_PAPER =
  /^\W*(?:Correction|CORRECTION|Retraction|RETRACTION)\s(?:to|TO|of|OF)\s(?:["“‘'«]|\p{Lu}|the (?:article|paper)\b)/u;

/**
 * Whether an item of a feed reports no work of its own: issue information, a correction, a retraction, a reply, a
 * referee's comment; or a paper that says of itself that it is withdrawn.
 */
export function isNotice(paper: { readonly title: string; readonly abstract: string }): boolean {
  const title = paper.title.slice(0, 500);
  return PARATEXT.test(title) || NOTICE.test(title) || OF_A_PAPER.test(title) || isWithdrawn(paper);
}
