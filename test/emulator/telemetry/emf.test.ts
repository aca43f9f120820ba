import { afterEach, describe, expect, it } from 'vitest';
import { hosted, type Hosted } from './harness.js';

let host: Hosted | undefined;
afterEach(() => host?.close());

const metric = (unit: string, values: number[]) => ({
  ...{ namespace: 'Shop', name: 'time', unit, values },
  dimensions: { service: 'orders' },
});

describe('embedded metrics of a real handler', () => {
  it('are taken from Node’s console and from stdout, and joined to the invocation that wrote them', async () => {
    host = await hosted('emf.cjs');
    const { telemetry, invoke, hints } = host;
    const first = await invoke({ values: [1, 2] });
    const second = await invoke({ values: 7 });
    const seen = [first, second].map(({ requestId }) => telemetry.detail(requestId)?.metrics);
    expect(seen).toMatchObject([
      [metric('Milliseconds', [1, 2]), metric('Milliseconds', [1, 2])],
      [metric('Milliseconds', [7]), metric('Milliseconds', [7])],
    ]);
    expect(telemetry.customMetrics()).toMatchObject([{ count: 6, sum: 20, min: 1, max: 7, functions: ['subject'] }]);
    expect((await telemetry.metrics()).text).toContain(
      'faultline_custom_metric_count{namespace="Shop",metric="time",unit="Milliseconds",dimensions="service=orders"} 6\n',
    );
    // Twice in the log, told once.
    expect(hints).toEqual([
      'subject: embedded metrics not taken: it is not one JSON object with nothing before or after it',
    ]);
  });

  it('are taken from what Python prints', async () => {
    host = await hosted('emf.py');
    const { requestId } = await host.invoke({ values: [3] });
    expect(host.telemetry.detail(requestId)?.metrics).toMatchObject([metric('None', [3])]);
    expect(host.hints).toEqual([]);
  });
});
