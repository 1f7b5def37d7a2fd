import type { Core } from '../core.ts';
import type { Entry } from '../domain/entry.ts';
import type { RankedPaper } from '../domain/paper.ts';
import { embeddingsOf } from '../papers/embeddings.ts';
import { indexCandidates } from '../ranking/candidate-index.ts';
import { personalPicker } from '../ranking/pick-for-subscriber.ts';
import { BY_EMBEDDINGS, BY_WORDS, type Similarity } from '../ranking/similarity.ts';
import { decodeVector, vectorOf } from '../ranking/vector.ts';

type Text = Pick<Entry, 'title' | 'abstract' | 'features'>;

/** One way to tell how near an issue's candidates are to papers that subscribers like. */
export type Likeness = {
  readonly pick: ReturnType<typeof personalPicker>;
  /** @returns false when it cannot: then the way by words is to be taken */
  readonly learn: (liked: readonly (Text & { readonly id: string })[]) => Promise<boolean>;
  readonly forget: (arxivId: string) => void;
};

/**
 * By embeddings where a service is set and answers, else by words.
 * @param common ids of the common issue's picks, in order
 */
export async function openLikeness(
  core: Core,
  candidates: readonly RankedPaper[],
  common: readonly string[],
): Promise<Likeness> {
  const embedAll = (papers: readonly Text[]) => embeddingsOf(core, papers.map(textOf));
  const vectors = await embedAll(candidates.map(({ paper }) => paper));
  return vectors === undefined
    ? byWords(candidates, common)
    : likenessBy(BY_EMBEDDINGS, candidates, common, vectors, embedAll);
}

export function byWords(candidates: readonly RankedPaper[], common: readonly string[]): Likeness {
  const vectors = candidates.map(({ paper }) => wordsOf(paper));
  return likenessBy(BY_WORDS, candidates, common, vectors, async (papers) => papers.map(wordsOf));
}

function likenessBy<V>(
  similarity: Similarity<V>,
  candidates: readonly RankedPaper[],
  common: readonly string[],
  vectors: readonly V[],
  vectorsOf: (papers: readonly Text[]) => Promise<readonly V[] | undefined>,
): Likeness {
  const likes = new Map<string, V>();
  return {
    pick: personalPicker(indexCandidates(candidates, common, vectors, similarity), likes),
    learn: async (liked) => {
      const learned = await vectorsOf(liked);
      for (const [index, { id }] of liked.entries()) {
        const vector = learned?.[index];
        if (vector !== undefined) likes.set(id, vector);
      }
      return learned !== undefined;
    },
    forget: (arxivId) => likes.delete(arxivId),
  };
}

function wordsOf({ title, abstract, features }: Text) {
  return (features && decodeVector(features.vector)) ?? vectorOf(title, abstract);
}

function textOf({ title, abstract }: Text): string {
  return `${title}\n\n${abstract}`;
}
