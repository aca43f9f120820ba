import { expect, it } from 'vitest';
import { probeSchema } from '../../contract/probes.js';
import { metric } from './metric.js';
import type { ProbeContext } from './types.js';

const TEXT = `# HELP x_total All.
# TYPE x_total counter
x_total{function="a",kind="b c"} 3
x_total{function="quote\\"d"} 1e2
x_total_other 9
# TYPE y_total counter
z 0.5
`;

const run = (expression: string) =>
  metric(probeSchema.parse({ metric: expression })).run({
    emulator: { metrics: async () => TEXT },
  } as unknown as ProbeContext);

it.each([
  ['x_total == 103', true, '103'],
  ['x_total{function="a"}<3', false, '3'],
  ['x_total{function="a", kind="b c"} >= 3', true, '3'],
  ['x_total{function=~"a|b"} != 4', true, '3'],
  ['x_total{function="quote\\"d"} > 99.5', true, '100'],
  ['x_total{function="nobody"} == 0', true, '0'],
  ['y_total == 0', true, '0'],
  ['z < 1e-1', false, '0.5'],
  ['nothing < 1', false, 'there is no metric nothing'],
])('%s', async (expression, passed, measured) => {
  expect(await run(expression)).toEqual({ passed, measured });
});
