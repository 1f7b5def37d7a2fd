import type { Politeness, Validators } from '../../src/sources/http/politeness.ts';

/** Politeness that is remembered for as long as the test holds it. */
export function memoryPoliteness(
  kept: readonly Validators[] = [],
): Politeness & { readonly rests: Map<string, number> } {
  const rests = new Map<string, number>();
  const lanes = new Map<string, number>();
  return {
    rests,
    recall: async (_source, url) => kept.find((validators) => validators.url === url),
    restsUntil: async (host) => rests.get(host) ?? 0,
    rest: async (host, until) => void rests.set(host, until),
    enter: async (lane, now, holdMs) => {
      const freeAt = lanes.get(lane) ?? 0;
      if (freeAt > now) return Math.min(500, freeAt - now);
      lanes.set(lane, now + holdMs);
      return 0;
    },
    leave: async (lane, nextAt) => void lanes.set(lane, nextAt),
  };
}
