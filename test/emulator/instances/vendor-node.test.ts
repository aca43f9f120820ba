import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResponseSink } from '../../../emulator/instances/types.js';
import { bench, closeAll, handlers, repo, type Bench, type Given } from './harness.js';

/** AWS's own runtime client, unmodified, as scripts/lib/aws-lambda-ric.mjs has compiled it. */
const client = path.join(repo, '.tools/aws-lambda-ric/node_modules/aws-lambda-ric');

/** The same handler on the vendor's client, through the Runtime API. */
function vendor(file: string, given: Given = {}): Bench {
  const handler = file.replace('.cjs', '.handler');
  const command = [process.execPath, path.join(client, 'bin/index.mjs'), handler];
  const fn = { runtime: 'provided', handler, file: path.join(handlers, file), export: '', command } as const;
  return bench(file, { ...given, function: fn });
}

class Consumer implements ResponseSink {
  readonly told: string[] = [];

  start(contentType: string): void {
    this.told.push(`type ${contentType || 'application/octet-stream'}`);
  }

  write(chunk: Buffer): boolean {
    this.told.push(chunk.toString());
    return true;
  }

  onDrain(): void {
    throw new Error('it was never full');
  }
}

/** What a caller sees and what the log says, without what differs by nature: times, ids, frames of the runtimes. */
async function seen(subject: Bench, event: object, stream: boolean): Promise<unknown> {
  const consumer = new Consumer();
  const { result, value, lines } = await subject.invoke(event, undefined, stream ? { stream: consumer } : {});
  const { trace, ...rest } = typeof value === 'object' && value !== null && 'trace' in value ? value : { trace: value };
  const [type, ...body] = consumer.told;
  return {
    error: 'ok' in result && result.ok ? undefined : { type: result.type, message: result.message },
    value: Array.isArray(trace) ? [rest, trace[0]] : value,
    // An error before the first byte begins no response here; the vendor's client begins an empty one for it.
    streamed: body.length > 0 || ('ok' in result && result.ok) ? [type, body.join('')] : undefined,
    lines: lines.filter((line) => !line.startsWith('[faultline]')).map(comparable),
  };
}

/** Without times, ids and stacks. Where it writes to a pipe, the vendor's client puts a return for every end of line. */
function comparable(line: string): string {
  return line
    .replace(/^\S+Z\trequest-\d+\t/, '')
    .replace(/"timestamp":"[^"]*"|"requestId":"[^"]*"/g, '')
    .replace(/"(stack|stackTrace)":\[(?:"(?:[^"\\]|\\.)*",?)*\]/g, '"stack"')
    .replaceAll('\n', '\r')
    .replace(/(?:\r|\\n) +at .*?(?=\r|\\n|"|$)/g, '');
}

// Its own install script leaves macOS and Windows out: half of it is C++ for Linux.
describe.runIf(process.platform === 'linux' && existsSync(path.join(client, 'dist/rapid-client.node')))(
  'as with the vendor’s own client:',
  () => {
    afterAll(closeAll);

    describe.each([
      {
        file: 'ways.cjs',
        stream: false,
        cases:
          'waits doesNotWait waits error waits twice done waits fail failNothing unserialisable async waits both thenable rejectsNothing rejectsObject rejectsCustom rejectsWithoutStack throwsNothing function',
      },
      {
        file: 'streams.cjs',
        stream: true,
        cases:
          'hello prelude preludeLost empty piped pipedAndLeft failsFirst failsMidway failsAfter failsAtOnceAfter writesAfter goesOn neverSettles returns notAsync notAsyncEnded lateType nothingToWrite background backgroundLeft background shape',
      },
    ])('$file', ({ file, stream, cases }) => {
      const both: Bench[] = [];
      beforeAll(() => {
        both.push(bench(file, { scaling: { max: 1 } }), vendor(file, { scaling: { max: 1 } }));
      });

      // One after the other in one process each, since what one leaves running shows in the next.
      it.each(cases.split(' ').map((name, at) => [at, name] as const))('%i %s', async (_at, name) => {
        const [ours, theirs] = await Promise.all(both.map((subject) => seen(subject, { case: name }, stream)));
        expect(ours).toEqual(theirs);
      });
    });

    it.each([{}, { AWS_LAMBDA_LOG_FORMAT: 'JSON' }, { AWS_LAMBDA_LOG_LEVEL: 'WARN' }])(
      'a log: %j',
      async (environment) => {
        const both = [bench('logs.cjs', { environment }), vendor('logs.cjs', { environment })];
        const [ours, theirs] = await Promise.all(both.map((subject) => seen(subject, { fails: true }, false)));
        expect(ours).toEqual(theirs);
      },
    );

    it.each(['writesAtOnceAfter', 'destroyed', 'sourceFails', 'throwsMidway'])('a stream ends it: %s', async (name) => {
      const both = [bench('streams.cjs'), vendor('streams.cjs')];
      const [ours, theirs] = await Promise.all(both.map((subject) => seen(subject, { case: name }, true)));
      expect(ours).toMatchObject({ error: (theirs as { error: unknown }).error });
    });
  },
);
