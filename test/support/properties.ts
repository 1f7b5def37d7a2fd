import fc from 'fast-check';

/** `npm test` has to be quick; .ci/run sets four times as many. A property about rare cases takes a multiple of it. */
export const RUNS = Number(process.env.FC_RUNS ?? 25);

fc.configureGlobal({ numRuns: RUNS });
