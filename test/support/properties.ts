import fc from 'fast-check';

// `npm test` has to be quick; .ci/run asks for four times as many.
fc.configureGlobal({ numRuns: Number(process.env.FC_RUNS ?? 25) });
