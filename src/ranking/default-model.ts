import { type Model, unpackModel } from './model.ts';
import prior from './prior.json' with { type: 'json' };

/** The numbers that the project ships; `bench/rank/learn-prior.ts` makes the file. */
export const DEFAULT_MODEL: Model = unpackModel(prior);
