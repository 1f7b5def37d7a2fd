/**
 * Where common words lie in a small space in which words of the same papers are near each other (latent
 * semantic analysis): it sees that "speech" and "audio" are one theme, which shared words do not.
 */
export type Themes = {
  readonly size: number;
  /** Adds what a term of the weight says to the sum; a term that is not known says nothing. */
  addTo(sum: Float32Array, term: number, weight: number): void;
};

export type PackedThemes = {
  /** For each dimension, what one step of its half-bytes stands for. */
  readonly steps: readonly number[];
  /** Three bytes of id per term, in Base64. */
  readonly terms: string;
  /** Half a byte per dimension of each term, 8 being nothing, in Base64. */
  readonly places: string;
};

const ID_BYTES = 3;
const MIDDLE = 8;

export function unpackThemes({ steps, terms, places }: PackedThemes): Themes {
  const ids = Buffer.from(terms, 'base64');
  const packed = Buffer.from(places, 'base64');
  const rowOf = new Map<number, number>();
  for (let row = 0; row < ids.length / ID_BYTES; row++)
    rowOf.set(ids.readUIntBE(row * ID_BYTES, ID_BYTES), row);
  const size = steps.length;
  return {
    size,
    addTo(sum, term, weight) {
      const row = rowOf.get(term);
      if (row === undefined) return;
      for (let index = 0; index < size; index++) {
        const at = row * size + index;
        const byte = packed[at >> 1] ?? 0;
        const code = (at & 1) === 0 ? byte >> 4 : byte & 15;
        sum[index] = (sum[index] ?? 0) + weight * (code - MIDDLE) * (steps[index] ?? 0);
      }
    },
  };
}

/** @param places one row per term, as wide as the space */
export function packThemes(terms: readonly number[], places: readonly Float64Array[]): PackedThemes {
  const size = places[0]?.length ?? 0;
  const steps = Array.from({ length: size }, (_, index) => {
    const sizes = places.map((row) => Math.abs(row[index] ?? 0)).sort((one, other) => one - other);
    return Number(((sizes[Math.floor(sizes.length * 0.999)] ?? 0) / (MIDDLE - 1)).toPrecision(5)) || 1;
  });
  const ids = Buffer.alloc(terms.length * ID_BYTES);
  for (const [row, term] of terms.entries()) ids.writeUIntBE(term, row * ID_BYTES, ID_BYTES);
  const packed = Buffer.alloc(Math.ceil((terms.length * size) / 2));
  for (const [row, values] of places.entries()) {
    for (const [index, value] of values.entries()) {
      const code = Math.max(1, Math.min(15, Math.round(value / (steps[index] ?? 1)) + MIDDLE));
      const at = row * size + index;
      packed[at >> 1] = (packed[at >> 1] ?? 0) | ((at & 1) === 0 ? code << 4 : code);
    }
  }
  return { steps, terms: ids.toString('base64'), places: packed.toString('base64') };
}
