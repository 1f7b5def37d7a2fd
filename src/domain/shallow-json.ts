/**
 * Parses JSON of anybody, which may be nested as deeply as it is long: what walks it later would fall off its stack.
 * @param deepest how many objects and lists may be inside one another
 * @returns `undefined` for what is no JSON, or is nested more deeply
 */
export function parseShallowJson(text: string, deepest: number): unknown {
  if (depthOf(text) > deepest) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep the brackets outside of strings go, in one pass. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index];
    if (inString) {
      if (letter === '\\') index += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, ++depth);
    else if (letter === '}' || letter === ']') depth -= 1;
  }
  return deepest;
}
