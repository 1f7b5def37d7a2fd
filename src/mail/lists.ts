import Handlebars from 'handlebars';
import { slot } from './slot.ts';

/** The loops of an issue's template whose turns are rendered one by one, each once for all subscribers. */
const LISTS = ['papers', 'noted'] as const;
export type ListName = (typeof LISTS)[number];

/** Stands between the turns of a loop. It is in no text that we let in. */
export const BORDER = '\u0002';

export type Split = {
  /** The template with a slot in place of each loop. */
  readonly frame: hbs.AST.Program;
  /** The loops by themselves, with a border after each turn. */
  readonly lists: ReadonlyMap<ListName, hbs.AST.Program>;
};

/** Takes the loops over `papers` and `noted` out of a template; each may be there once, at any depth. */
export function splitLists(template: string): Split {
  const frame = Handlebars.parse(template);
  const lists = new Map<ListName, hbs.AST.Program>();
  takeLists(frame, lists);
  return { frame, lists };
}

function takeLists(program: hbs.AST.Program, lists: Map<ListName, hbs.AST.Program>): void {
  for (const [index, statement] of program.body.entries()) {
    if (statement.type !== 'BlockStatement') continue;
    const block = statement as hbs.AST.BlockStatement;
    const name = listName(block);
    if (name !== undefined && !lists.has(name)) {
      program.body[index] = content(slot(name), block);
      block.program.body.push(content(BORDER, block));
      lists.set(name, { ...program, body: [block] });
    } else {
      takeLists(block.program, lists);
      if (block.inverse) takeLists(block.inverse, lists);
    }
  }
}

function listName({ path, params }: hbs.AST.BlockStatement): ListName | undefined {
  if ((path as hbs.AST.PathExpression).original !== 'each') return undefined;
  const [over] = params as hbs.AST.PathExpression[];
  return LISTS.find((name) => name === over?.original);
}

function content(value: string, { loc }: hbs.AST.BlockStatement): hbs.AST.ContentStatement {
  return { type: 'ContentStatement', value, original: {}, loc } as hbs.AST.ContentStatement;
}
