import type { Sentence } from './sentences.ts';

/**
 * What tells a sentence that says what a paper did from one that says why. The weights of `excerpt.json` are by these
 * names: to change a pattern means to fit them again (`npm run bench:excerpt -- --fit`).
 */
const CUES = {
  /** "We propose …", "this paper introduces …", "is presented". */
  offers:
    /\b(?:propos|introduc|present|develop|design|devis|describ|build|built|construct|creat|contribut|offer|releas|unveil|curat|formulat|establish|provid)(?:e|es|ed|ing|s)?\b/i,
  /** The same with its subject near the beginning. */
  weOffer:
    /^.{0,110}\b(?:we|this (?:\w+ )?(?:paper|work|study|article|report|survey|review|thesis|tutorial|technical report)|our (?:work|paper|study))\b(?: (?:\w+ly|also|then|first|therefore|thus|hereby|further))* (?:propos|introduc|present|develop|design|devis|describ|build|built|construct|creat|contribut|offer|releas|unveil|curat|formulat|establish|provid|address|advanc|explor|tackl)/i,
  studies:
    /\b(?:we|this (?:\w+ )?(?:paper|work|study|article|survey|review)|our (?:work|study|analysis))\b(?: \w+ly| also| then| first)* (?:stud|investigat|examin|analy[sz]|explor|evaluat|compar|assess|revisit|survey|review|ask|test|measur|quantif|characteri[sz]|use|appl|conduct|perform|train|consider|address|aim)/i,
  finds:
    /\b(?:we|results?|analys[ie]s|experiments?|study|findings?|evidence|data|evaluations?)\b(?: \w+ly| also| then| further)* (?:find|found|show|demonstrat|reveal|observ|prov|report|identif|discover|uncover|indicat|suggest|confirm|establish|conclude|detect)/i,
  here: /\b(?:here|in this (?:\w+ )?(?:paper|work|study|article|report|survey|review|letter))\b/i,
  opensHere:
    /^(?:here,? we|in this (?:\w+ )?(?:paper|work|study|article|report|survey|review|letter)|we |this (?:\w+ )?(?:paper|work|study|article|report|survey|review) )/i,
  purpose:
    /^(?:to (?:address|this end|bridge|fill|tackle|overcome|mitigate|solve|resolve|alleviate|remedy|close|answer|study|investigate|explore|meet|achieve|enable|facilitate|understand|evaluate|comprehensively)|in response|motivated by|inspired by|building on|based on|thus, to|therefore, )/i,
  novelty: /\b(?:novel|new|first|simple yet|unified|framework|benchmark|dataset|n\. sp\.|sp\. nov)\b/i,
  also: /^(?:additionally|furthermore|moreover|further|also|besides|in addition|finally|second|third|beyond this|lastly)\b/i,
  detail:
    /^(?:specifically|technically|in particular|concretely|it |they |these |this (?!(?:\w+ )?(?:paper|work|study|article|report|survey|review)\b)|first|by |unlike|instead|during|for each|each|once|then|next|here, the)/i,
  contrast:
    /^(?:however|despite|yet|but|nevertheless|nonetheless|although|while|though|whereas|unfortunately|still)\b/i,
  others:
    /\b(?:existing|previous|prior|current(?:ly)?|recent(?:ly)?|traditional(?:ly)?|conventional|most|many|often|typically|widely|have (?:become|shown|emerged|achieved|made)|has (?:become|emerged|shown|gained))\b/i,
  hardship:
    /\b(?:remains?|challeng\w+|crucial|critical|essential|limit(?:s|ed|ations?|ing)?|struggl\w+|fail\w*|suffers?|lack\w*|difficult\w*|costly|expensive|underexplored|under-explored|unclear|unknown|poorly|important)\b/i,
  results:
    /\b(?:outperform\w*|surpass\w*|exceed\w*|achiev\w+|improv\w+|state-of-the-art|SOTA|superior|competitive|significantly|gains?|reduc\w+|accuracy|speedup|faster|baselines?)\b/i,
  trials:
    /\b(?:experiments?|experimental(?:ly)?|empirical(?:ly)?|evaluat(?:e|ed|ion|ions)|results?|benchmarks?|ablations?|extensive|across)\b/i,
  figures: /\d(?:\.\d+)?\s?(?:%|x\b|×|times|fold|points?|percent)|[<>=]\s?\d|\d+\.\d+/i,
  past: /\b(?:was|were|had|found|showed|increased|decreased|identified|isolated|revealed)\b/i,
  outlook:
    /\b(?:highlights?|paves?|we hope|our findings|these findings|these results|underscor\w+|insights?|future|implications?|opens?|potential|should)\b/i,
  resources:
    /https?:|\b(?:code|codes|data|dataset|datasets|models?|weights|project page|website|demo|github)\b.{0,60}\b(?:available|released|found|at|open-sourced?)\b|^(?:our )?(?:code|project|website|data)\b/i,
  question: /\?\s*$/,
} as const satisfies Record<string, RegExp>;

/** Features by name, each about 0 to 1. */
export type SentenceFeatures = Readonly<Record<string, number>>;

/** What a text must offer so that a name counts as the paper's own. */
const NAME = /^([^:]{2,40}):\s/;

/**
 * The features of each sentence of an abstract, in their order.
 * @param title of the same paper: its own name, before a colon, and its words tell which sentences are about it
 */
export function sentenceFeatures(sentences: readonly Sentence[], title: string): SentenceFeatures[] {
  const name = NAME.exec(title)?.[1]?.toLowerCase();
  const words = new Set(contentWords(title));
  const naming = sentences.findIndex(({ text }) => name !== undefined && text.toLowerCase().includes(name));
  const offering = sentences.findIndex(({ text }) => CUES.weOffer.test(text));
  return sentences.map(({ text }, index) => {
    const cues = Object.entries(CUES).map(([key, pattern]) => [key, pattern.test(text) ? 1 : 0]);
    const shared =
      words.size === 0 ? 0 : contentWords(text).filter((word) => words.has(word)).length / words.size;
    const place = sentences.length === 1 ? 0 : index / (sentences.length - 1);
    return {
      ...Object.fromEntries(cues),
      place,
      middle: 1 - Math.abs(place - 0.4) * 1.6,
      first: index === 0 ? 1 : 0,
      last: index === sentences.length - 1 ? 1 : 0,
      names: name !== undefined && text.toLowerCase().includes(name) ? 1 : 0,
      namesFirst: index === naming ? 1 : 0,
      offersFirst: index === offering ? 1 : 0,
      afterOffer: offering >= 0 && index > offering ? 1 : 0,
      beforeOffer: offering >= 0 && index < offering ? 1 : 0,
      noOffer: offering < 0 ? 1 : 0,
      title: Math.min(1, shared),
      short: text.length < 60 ? 1 : 0,
      long: text.length > 280 ? 1 : 0,
    };
  });
}

function contentWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\d][\p{L}\d-]{3,}/gu) ?? [];
}
