/**
 * Something that could not be worked on, left out so that everything else goes on.
 * `kind` and `ref` name it, as in `entry` and `arxiv:cs.CL 2510.01234`; `reason` says what is wrong with it.
 */
export type SetAside = { readonly kind: string; readonly ref: string; readonly reason: string };
