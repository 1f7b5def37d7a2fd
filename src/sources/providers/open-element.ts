import type { FeedElement } from './feed-elements.ts';

/** An element whose end is still to come. */
export class OpenElement {
  readonly name: string;
  readonly depth: number;
  readonly #attributes: { readonly [name: string]: string };
  readonly #parts: string[] = [];

  constructor(name: string, attributes: { [name: string]: string }, depth: number) {
    this.name = name;
    this.depth = depth;
    this.#attributes = attributes;
  }

  down(name: string): void {
    if (this.name !== 'author') this.#parts.push(`<${name}>`);
  }

  up(name: string): void {
    if (this.name !== 'author') this.#parts.push(`</${name}>`);
    else if (name === 'name') this.#parts.push('; ');
  }

  add(part: string, path: readonly string[]): void {
    const nested = path.length > this.depth;
    if (this.name === 'author') {
      if (!nested || path.at(-1) === 'name') this.#parts.push(part);
    } else this.#parts.push(nested ? part.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : part);
  }

  close(): FeedElement {
    const text = this.#parts.join('').trim();
    return {
      name: this.name,
      attributes: this.#attributes,
      text: this.name === 'author' ? text.replace(/;$/, '') : text,
    };
  }
}
