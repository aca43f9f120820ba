import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { segmentOf } from '../../../emulator/trace-header.js';
import { hosted, type Hosted } from './harness.js';

/** The vendor's own SDKs, unmodified, in real handler processes. */

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function host(handler: string, tracing?: 'active' | 'passthrough'): Promise<Hosted> {
  const made = await hosted(handler, tracing);
  cleanup.push(() => made.close());
  return made;
}

/** Something that the handler calls; it notes the trace headers that it got. */
async function dependency() {
  const headers: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers['x-amzn-trace-id'] as string | undefined);
    response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.push(() => new Promise((resolve) => server.close(resolve)));
  return { headers, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/price` };
}

const root = '1-5759e988-bd862e3fe1be46a994272793';

describe('aws-xray-sdk-core in a Node handler', () => {
  it('sends its subsegments, which join the record of the invocation', async () => {
    const { telemetry, invoke, segments } = await host('traced.cjs');
    const { headers, url } = await dependency();
    const { requestId, result } = await invoke({ sku: 'apple', url });
    await segments(requestId, 2);
    const detail = telemetry.detail(requestId);
    const [price, call] = detail?.segments ?? [];
    expect(price).toMatchObject({ name: 'price', parent: segmentOf(requestId), annotations: { sku: 'apple' } });
    expect(call).toMatchObject({
      ...{ parent: price?.id, namespace: 'remote', error: 'error' },
      // The SDK leaves out the port.
      http: { method: 'GET', url: url.replace(/:\d+/, ''), status: 404 },
    });
    expect(price?.durationMs).toBeGreaterThanOrEqual(call?.durationMs ?? Infinity);
    // What the handler saw is what the record says, and the called one got the trace with the call as its parent.
    const { traceId = '' } = detail ?? {};
    const { trace } = JSON.parse(result.payload.toString()) as { trace: string };
    expect(trace).toBe(`Root=${traceId};Parent=${segmentOf(requestId)};Sampled=1`);
    expect(headers).toEqual([`Root=${traceId};Parent=${call?.id ?? ''};Sampled=1`]);
    expect(detail?.log.at(-1)).toBe(`XRAY TraceId: ${traceId}\tSegmentId: ${segmentOf(requestId)}\tSampled: true\t`);
  });

  it('keeps the invocations of one trace apart, and tells an error', async () => {
    const { telemetry, invoke, segments } = await host('traced.cjs');
    const { url } = await dependency();
    const first = await invoke({ sku: 'apple', url, fail: true }, `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`);
    const second = await invoke({ sku: 'pear', url }, `Root=${root};Sampled=1`);
    await Promise.all([segments(first.requestId, 2), segments(second.requestId, 2)]);
    const seen = [first, second].map(({ requestId }) => telemetry.detail(requestId));
    expect(seen.map((detail) => detail?.traceId)).toEqual([root, root]);
    expect(
      seen.map((detail) => detail?.segments?.map(({ name, annotations }) => annotations?.['sku'] ?? name)),
    ).toEqual([
      ['apple', '127.0.0.1'],
      ['pear', '127.0.0.1'],
    ]);
    expect(seen.map((detail) => detail?.segments?.[0]?.error)).toEqual(['fault', undefined]);
  });

  it('sends nothing of a trace that is not sampled', async () => {
    const { telemetry, invoke, segments } = await host('traced.cjs', 'passthrough');
    const { url } = await dependency();
    const untraced = await invoke({ sku: 'apple', url });
    const refused = await invoke({ sku: 'apple', url }, `Root=${root};Sampled=0`);
    // Datagrams come in order: had there been any of those before, they would be there by now.
    const sampled = await invoke({ sku: 'apple', url }, `Root=${root};Sampled=1`);
    await segments(sampled.requestId, 2);
    for (const { requestId } of [untraced, refused]) {
      expect(telemetry.detail(requestId)).not.toHaveProperty('segments');
      expect(telemetry.logOf(requestId).at(-1)).toMatch(/^REPORT/);
    }
  });
});

const python = spawnSync('python3', ['-c', 'import aws_xray_sdk']).status === 0;
describe.skipIf(!python)('aws-xray-sdk in a Python handler', () => {
  it('sends its subsegments, which join the record of the invocation', async () => {
    const { telemetry, invoke, segments, hints } = await host('traced.py');
    const { requestId } = await invoke({ sku: 'apple' });
    await segments(requestId, 2);
    const [price, inner] = telemetry.detail(requestId)?.segments ?? [];
    expect(price).toMatchObject({ name: 'price', parent: segmentOf(requestId), annotations: { sku: 'apple' } });
    expect(inner).toMatchObject({ name: 'inner', parent: price?.id });
    expect(hints).toEqual([]);
  });
});
