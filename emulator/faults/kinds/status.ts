import { z } from 'zod';
import type { RunResult } from '../../instances/types.js';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';

const params = z.strictObject({
  code: z.number().int().min(200).max(599).default(503).describe('HTTP status of the answer'),
  body: z.string().max(1_000_000).default('{"message":"Service Unavailable"}').describe('Body of the answer'),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=[\w.+"-]+)*$/, 'not a content type, for example text/plain')
    .default('application/json')
    .describe('Its content type'),
  preventExecution: z
    .boolean()
    .default(true)
    .describe('true answers without calling the handler; false calls it first'),
});

type Params = z.output<typeof params>;

/**
 * An HTTP answer in the handler's place: AWS FIS's `aws:lambda:invocation-http-integration-response` with the same
 * parameters. A caller that is not HTTP gets the answer object as the result, as on Lambda.
 */
export const status: FaultKind<Params> = {
  title: 'Status',
  summary: 'The function answers with this HTTP status and body.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  describe: ({ code, preventExecution }) =>
    `answers ${String(code)} ${preventExecution ? 'instead of calling' : 'after calling'} the handler`,
  async around({ code, body, contentType, preventExecution }, { note }, next) {
    const answer: RunResult = {
      ok: true,
      payload: Buffer.from(JSON.stringify({ statusCode: code, headers: { 'content-type': contentType }, body })),
    };
    const saw = { saw: String(code) };
    if (preventExecution) {
      note({ where: 'instead of the handler', ...saw });
      return answer;
    }
    const result = await next();
    if (result.ok) note({ where: 'after the handler', ...saw });
    // A failure of its own stays visible: a 503 over a crash would hide the crash.
    return result.ok ? { ...result, payload: answer.payload } : result;
  },
};
