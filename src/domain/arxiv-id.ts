/** The names of arXiv's archives, with which its categories begin, as a part of a pattern. */
export const ARXIV_ARCHIVES =
  'astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|nlin|nucl-ex|nucl-th|physics|q-bio|q-fin|quant-ph|stat';

const NEW_ID = String.raw`\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}`;
const OLD_ID = String.raw`[a-z][a-z-]{1,14}(?:\.[a-z]{2})?\/\d{2}(?:0[1-9]|1[0-2])\d{3}`;
const ID = `(${NEW_ID}|${OLD_ID})(?:v\\d{1,3})?`;
const BARE = new RegExp(`^(?:arxiv:)?${ID}$`, 'i');
const WITHIN = new RegExp(
  String.raw`(?:arxiv\.org\/(?:abs|pdf|html|format|e-print)\/|(?:huggingface\.co|hf\.co)\/papers\/|alphaxiv\.org\/abs\/` +
    String.raw`|\barxiv:|\b10\.48550\/arxiv\.)${ID}(?![\d.]*\d)`,
  'i',
);

/** An arXiv id as it stands alone (`2510.01234v2`, `arXiv:math.AG/0601001`), without version and subject class. */
export function arxivId(text: string): string | undefined {
  return canonical(BARE.exec(text.trim())?.[1]);
}

/** The arXiv id that an address or a text such as `oai:arXiv.org:2510.01234v1` speaks of. */
export function arxivIdIn(text: string): string | undefined {
  return canonical(WITHIN.exec(text.replace(/oai:arxiv\.org:/i, 'arXiv:'))?.[1]);
}

function canonical(id: string | undefined): string | undefined {
  return id?.toLowerCase().replace(/\.[a-z]{2}\//, '/');
}
