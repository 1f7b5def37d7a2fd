import { cleanName } from './clean-text.ts';
import { MOST_AUTHORS } from './entry-limits.ts';
import { INITIALS, NAME_SUFFIX } from './person-name.ts';

/** One more than are kept, so that it can be told when there are more. */
const MOST = MOST_AUTHORS + 1;

/** Clean names, without the empty ones. Two authors may share a name, and both stay. */
export function cleanNames(names: readonly string[]): string[] {
  return names
    .slice(0, MOST)
    .map(cleanName)
    .filter((name) => name !== '');
}

/**
 * The authors in a list as arXiv writes it: separated by commas, perhaps with links around them and with
 * affiliations or collaborations in parentheses, which are left out.
 */
export function splitNames(list: string): string[] {
  const names: string[] = [];
  // Long lists are cleaned in pieces, since a clean text has a greatest length.
  for (const piece of list
    .replace(/\s+/g, ' ')
    .replace(/\((?:[^()]|\([^()]*\))*\)/g, ' ')
    .split(/,|(?<!&#?\w{1,10});| and /)
    .slice(0, MOST)) {
    const name = cleanName(piece);
    if (NAME_SUFFIX.test(name) && names.length > 0) names.push(`${names.pop()}, ${name}`);
    else names.push(name);
  }
  return cleanNames(names);
}

/** The names in `Made, A. B., van Up, C., The Group` as they are spoken: `A. B. Made`, `C. van Up`, `The Group`. */
export function familyFirstNames(list: string): string[] {
  const names: string[] = [];
  const parts = splitNames(list);
  for (let at = 0; at < parts.length; at++) {
    const [part = '', next = '', after = ''] = parts.slice(at, at + 3);
    // `The Group, LI, X.`: initials with points settle whose they are.
    if (INITIALS.test(next) && (next.includes('.') || !/^\p{Lu}\./u.test(after)) && !part.endsWith('.')) {
      names.push(`${next} ${part}`);
      at++;
    } else names.push(part);
  }
  return names;
}
