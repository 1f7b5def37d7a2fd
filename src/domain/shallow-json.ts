/**
 * Parses JSON from an untrusted sender. Deep nesting is refused, because code that walks the result recursively would
 * overflow its stack.
 * @param deepest the maximum number of nested objects and arrays
 * @returns `undefined` if it is not JSON or is nested too deeply
 */
export function parseShallowJson(text: string, deepest: number): unknown {
  if (depthOf(text) > deepest) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The deepest nesting of brackets outside strings, found in one pass. */
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
