/** What preprint servers put behind a DOI for each version of a paper; without it the DOI is of all of them. */
const VERSIONS: readonly [of: RegExp, version: RegExp][] = [
  [/^10\.26434\/chemrxiv/, /[-./]v\d{1,3}$/],
  [/^10\.21203\/rs\.\d\.[a-z]+-/, /\/v\d{1,3}$/],
  [/^10\.\d+\/osf\.io\//, /_v\d{1,3}$/],
  [/^10\.20944\/preprints/, /\.v\d{1,3}$/],
  [/^10\.(?:22541|36227)\//, /[./]v\d{1,3}$/],
  [/^10\.31219\/|^10\.3123[1-6]\//, /_v\d{1,3}$/],
  [/^10\.12688\/f1000research\.\d+/, /\.\d{1,2}$/],
  [/^10\.7554\/elife\.\d+/, /\.\d{1,2}$/],
];
/** DOIs that only preprint servers give: those whose prefix is theirs, and what they write behind a shared one. */
const PREPRINT = new RegExp(
  String.raw`^10\.(?:1101\/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6}|64898\/|48550\/|26434\/|21203\/rs\.|3121\d\/|3122\d\/|3123[1-6]\/|31730\/|35542\/` +
    String.raw`|20944\/preprints|2139\/ssrn|22541\/|36227\/techrxiv|5194\/egusphere-|1002\/essoar|51094\/jxiv|32942\/|33774\/|2196\/preprints` +
    String.raw`|1590\/scielopreprints)`,
);

/** @param doi in lower case */
export function withoutVersion(doi: string): string {
  const found = VERSIONS.find(([of]) => of.test(doi));
  return found ? doi.replace(found[1], '') : doi;
}

/**
 * Whether a preprint server has given the DOI.
 * @param doi in lower case
 */
export function isPreprintDoi(doi: string): boolean {
  return PREPRINT.test(doi);
}
