import { parseShallowJson } from '../../domain/shallow-json.ts';
import type { EntryTexts } from './entry-ids.ts';

/** An entry's dates nest six deep; some programs put the list into an object and add values of their own. */
const DEEPEST = 20;
const TEXTS = ['URL', 'url', 'note', 'number', 'archive_location', 'container-title', 'publisher', 'id'];

/** CSL-JSON: a list of items, or an object with `items`. */
export function readCslJson(text: string): EntryTexts[] {
  const value = parseShallowJson(text.trim(), DEEPEST);
  return listOf(value).map((item) => {
    const field = (name: string) => (typeof item[name] === 'string' ? item[name] : '');
    return { ids: [field('DOI'), field('doi'), field('arxiv')], texts: TEXTS.map(field) };
  });
}

type Item = { readonly [name: string]: unknown };

function listOf(value: unknown): Item[] {
  const list = Array.isArray(value) ? value : isItem(value) ? (value.items ?? [value]) : [];
  return Array.isArray(list) ? list.filter(isItem) : [];
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
