import type { Reporter } from '../types.js';

/** Everything there is, once, for programs: `{ seed, results: ExperimentResult[] }`. */
export const json: Reporter = {
  summary: 'one JSON document, for programs',
  open: (target) => ({
    end: (results) => target.write(`${JSON.stringify({ seed: target.seed, results }, null, 2)}\n`),
  }),
};
