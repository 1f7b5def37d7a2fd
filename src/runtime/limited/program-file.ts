/** A program of this folder that runs in a process of its own: TypeScript in a checkout, JavaScript in the package. */
export function programFile(name: string): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${ending}`, import.meta.url);
}
