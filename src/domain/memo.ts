/** Remembers the value, or the pending value, of a key; failures are forgotten, because the next attempt may succeed. */
export function memoizeAsync<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key);
  if (found) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

/**
 * What a map holds for a key, made when there is nothing yet.
 * @param most how many it holds: the oldest goes when there are too many
 */
export function memoize<Key, Value>(
  known: Map<Key, Value>,
  key: Key,
  make: () => Value,
  most = Number.POSITIVE_INFINITY,
): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size >= most) for (const oldest of known.keys().take(1)) known.delete(oldest);
  known.set(key, made);
  return made;
}
