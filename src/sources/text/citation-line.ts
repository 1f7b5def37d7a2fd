const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)';
const STAGE =
  '(?:early ?view|early access|ahead[- ]of[- ](?:print|issue)|accepted (?:article|manuscript)s?|advance articles?|just accepted|online ?first|(?:articles? )?in press|version of record|latest articles?|epub ahead of print|online ahead of print|first view)';
const DOI = String.raw`(?:doi\s?:?\s*|https?:\/\/(?:dx\.)?doi\.org\/)*10\.\d{4,9}\/\S+`;
const PART = String.raw`(?:vol(?:ume)?\.?|issue|iss\.|no\.?|number|suppl(?:ement)?\.?|part|pages?|pp?\.?|art(?:icle)?\.?|id|${MONTH}\.?|${STAGE}|[a-z]?\d[\w.()–-]*|[-–:]|\([^()]{1,20}\))`;

/** What a journal writes of where an article stands, as a line of its own: no piece of an abstract is like them. */
const CITATIONS = [
  // Annals of Results, EarlyView.
  String.raw`^(?:.{2,150}?[,.]\s*)?${STAGE}\s*[.,;]?(?:\s*(?:page\b.{0,40}|${DOI}))?\s*\.?$`,
  // Annals of Results, Volume 12, Issue 3, Page 101-120, October 2026.
  String.raw`^(?:.{2,150}?[,.]?\s+)?vol(?:ume)?\.?\s*[\w./-]{1,20}(?:[\s,;:.]+${PART}){0,14}[\s.,;]*$`,
  // Page 163-175 .
  String.raw`^(?:pages?|pp?\.)\s*[\w.–-]{1,20}(?:[\s,;:.]+${PART}){0,8}[\s.,;]*$`,
  // Keys 84: 185-201; Annals, 12(3), 4 (2026)
  String.raw`^\p{Lu}[^.;!?]{1,100}?,?\s\d{1,4}(?:\s?\([^()]{1,12}\))?\s?[:,]\s?[a-z]?\d+(?:\s?[-–]\s?[a-z]?\d+)?(?:,?\s*\(?\d{4}\)?)?\.?$`,
  // Annals, (2026), p. 291 - 301
  String.raw`^.{2,120}?,?\s*\(?\d{4}\)?,?\s*(?:pp?\.|pages?)\s*[\w.\s–-]{1,24}$`,
  // Chem. Results, 2026, Advance Article
  String.raw`^.{2,100}?,\s*\d{4},\s*(?:${PART}[\s,;:.]*){1,8}$`,
  // [Rev. Lett. 1, 010203] Published Tue Oct 20, 2026
  String.raw`^\[[^\]]{3,120}\]\s*(?:published\b.{0,40})?$`,
  // Annals, Published online: 20 October 2026; doi:10.5555/1
  String.raw`^(?:.{2,150}?,\s*)?published(?: online)?:?\s.{0,30}\d{4}\S{0,10}(?:[;,|\s]*${DOI})?\s*\.?$`,
  // Annals DOI: 10.5555/1, Article
  String.raw`^(?:[^.!?]{0,100}?[\s,])?${DOI}(?:,?\s*[\w\s]{0,40})?\.?$`,
  // J. Res., 20, 1–20, https://doi.org/10.5555/1, 2026
  String.raw`^.{2,150}?,\s[\d\s,()–-]{1,40}${DOI}\s*(?:,?\s*\d{4})?\.?$`,
  // Publication date: …
  String.raw`^(?:publication date|published|source|e?issn|received|accepted|revised|available online|date|article type|type|category|language|licen[cs]e|section|subjects?|tags|filed under|first published|citation|journal|publisher|topics?)\s*[:：].{0,300}$`,
].map((pattern) => new RegExp(pattern, 'iu'));

const BOILERPLATE = new RegExp(
  `^(?:${[
    String.raw`[\p{P}\p{S}\s]*`,
    String.raw`(?:open|free) access(?:\W*this article is licensed.{0,200}|.{0,20})`,
    '(?:html|xml|pdf|epub|full[- ]text|abstract)(?: ?[|,/·]? ?(?:html|xml|pdf|epub|full[- ]text))*',
    'read (?:more|on|article|the (?:full|rest|whole|original).{0,60}|full.{0,40}|this.{0,40}).{0,10}',
    'continue reading.{0,300}',
    'view (?:full text|article|abstract|pdf|on .{0,60}|this .{0,60}|the .{0,60})',
    '(?:download|full) (?:pdf|text|article)?.{0,20}',
    String.raw`(?:comments?|share|permalink|\[?link\]?|\[?comments\]?|source|image)`,
    'to cite this article.{0,200}',
    'the content of this rss feed.{0,100}',
    'this article is (?:licensed under|protected by copyright|part of|open access).{0,200}',
    String.raw`all rights reserved\.?`,
    String.raw`(?:©|\(c\)|copyright).{0,250}`,
    'the post .{0,300} (?:appeared first|first appeared) on .{0,200}',
    String.raw`[\s[(]*(?:no abstract|abstract (?:is )?not available|no summary|n\/a|tba).{0,80}`,
    '(?:toc graphic|graphical abstract|table of contents graphic|thumbnail image.{0,200}|image, graphical abstract)',
    '(?:original |research |review |short |brief |regular |data |rapid )*(?:articles?|papers?|communications?|letters?|reports?|editorials?|reviews?|notes?)',
    '(?:key ?words?|index terms)\\s*[:：].{0,600}',
  ].join('|')})$`,
  'iu',
);

const LONGEST = 700;

/** Whether a line says where an article stands (journal, volume, pages, dates, DOI), and nothing of what is in it. */
export function isCitation(line: string): boolean {
  return line.length <= LONGEST && CITATIONS.some((pattern) => pattern.test(line));
}

/** Whether a line is one that stands beside every article of a site: links to it, rights, its kind. */
export function isBoilerplate(line: string): boolean {
  return line.length <= LONGEST && BOILERPLATE.test(line);
}

const HEAD = new RegExp(
  [
    // A citation that the text follows on the same line.
    String.raw`^[^.!?]{2,150}?,\s${STAGE}\s?[.;]\s(?=\p{L})`,
    String.raw`^(?:[^.!?]{2,150}?,\s)?volume \w{1,8}, issue [\w/-]{1,10},(?: pages? [\w.–-]{1,24},)? ?(?:${MONTH}[\s/-]{0,3}){0,2} ?\d{4}\s?\.\s(?=\p{L})`,
    String.raw`^[^.!?]{2,150}?, published online: \d{1,2} \w{3,9} \d{4}; doi:10\.\d{4,9}\/\S{1,100}\s(?=\p{L})`,
    String.raw`^arxiv:\S{1,30} announce type: \S{1,20}\s+(?:abstract:\s*)?`,
  ].join('|'),
  'iu',
);
const TAIL =
  /(?:\s|^)(?:the post .{1,300} (?:appeared first|first appeared) on .{1,200}|this article is protected by copyright\. all rights reserved\.?|continue reading .{0,200}|read more\W{0,4}|\[[^[\]]{3,100}\] published \w{3} \w{3} \d{1,2}, \d{4})$/i;

/** The line without a citation in front of its text, and without what sites put behind it; and that citation. */
export function withoutCitation(line: string): { text: string; citation: string } {
  const citation = HEAD.exec(line.slice(0, LONGEST))?.[0] ?? '';
  const text = line.slice(citation.length);
  const cut = text.length - TAIL_REACH;
  const tail = TAIL.exec(text.slice(Math.max(0, cut)));
  return { text: tail ? text.slice(0, Math.max(0, cut) + tail.index).trim() : text, citation };
}

const TAIL_REACH = 600;
