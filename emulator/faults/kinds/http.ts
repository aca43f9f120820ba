import { z } from 'zod';
import type { HttpAnswer } from '../../contract/faults.js';
import { AWS_PROTOCOLS, awsError, codeOf, statusOf } from '../aws-answers.js';
import { HOOKED } from '../reach.js';
import type { FaultContext, FaultKind } from '../types.js';

const params = z
  .strictObject({
    mode: z
      .enum(['status', 'latency', 'hang', 'reset', 'truncated'])
      .default('status')
      .describe(
        'status: answered with an error; latency: answered later; hang: never answered; reset: ECONNRESET once it was ' +
          'sent; truncated: the body of the answer breaks off',
      ),
    hosts: z
      .array(z.string().regex(/^[^\s/]+$/, 'not a host; write api.example.com, *.example.com or 127.0.0.1:8080'))
      .default([])
      .describe('Requests to these hosts (host or host:port, * matches any part); every host when empty'),
    paths: z
      .array(z.string().regex(/^[/*][^\s?#]*$/, 'not a path; write /orders/* without a query'))
      .default([])
      .describe('Requests for these paths (* matches any part); every path when empty'),
    methods: z
      .array(z.string().regex(/^[A-Za-z]+$/, 'not a method; write GET'))
      .default([])
      .describe('Requests with these methods; every method when empty'),
    service: z
      .string()
      .regex(/^[\w *-]*$/, 'not a service; write dynamodb')
      .default('')
      .describe('Calls of AWS SDKs to this service (dynamodb, s3, cloudwatch-logs …; * matches any part); empty: any'),
    operation: z
      .string()
      .regex(/^[\w*]*$/, 'not an operation; write GetItem or Put*')
      .default('')
      .describe('Calls of AWS SDKs of this operation (GetItem, PutObject …; * matches any part); empty: any'),
    times: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('Only the first so many of these requests in an invocation, so that a retry succeeds; 0: all'),
    status: z
      .number()
      .int()
      .refine((value) => value === 0 || (value >= 200 && value <= 599), 'not an HTTP status; write 200 to 599')
      .default(0)
      .describe('Of mode status: HTTP status of the answer; 0: what the service sends with errorCode, else 503'),
    errorCode: z
      .string()
      .regex(/^[\w.:#-]*$/, 'not an error code; write ThrottlingException')
      .default('')
      .describe('Of mode status: the error of an SDK call, in its own protocol; empty: the usual one of the status'),
    body: z
      .string()
      .max(65_536)
      .default('')
      .describe('Of modes status and truncated: body of the answer as it is; empty: the service’s own, else a message'),
    contentType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=[\w.+"-]+)*$/, 'not a content type, for example text/plain')
      .default('application/json')
      .describe('Its content type, where the body is not the service’s own'),
    headers: z
      .record(
        z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'not the name of a header'),
        z.string().regex(/^[\t\x20-\x7e]*$/, 'not the value of a header'),
      )
      .default({})
      .describe('More headers of the answer, for example retry-after: "1"'),
    latencyMs: z
      .number()
      .int()
      .min(0)
      .max(900_000)
      .default(1_000)
      .describe('Of mode latency: how much longer the answer takes, ms'),
  })
  .refine((value) => value.status === 0 || value.mode === 'status', {
    message: 'only mode status has one',
    path: ['status'],
  })
  .refine((value) => value.errorCode === '' || value.mode === 'status', {
    message: 'only mode status has one',
    path: ['errorCode'],
  });

type Params = z.output<typeof params>;

/** Outbound HTTP requests go wrong, one by one. Counts as a hit only when the handler sent one that it hit. */
export const http: FaultKind<Params> = {
  title: 'HTTP',
  group: 'outbound',
  summary: 'Outbound HTTP requests and AWS SDK calls fail, take longer, are never answered or break off.',
  reach: HOOKED,
  params,
  hitBy: () => 'operation',
  describe: (given) => `${requestsText(given)}: ${outcomeText(given)}`,
  effect(given, context) {
    const { mode, hosts, paths, methods, service, operation, times, latencyMs } = given;
    return {
      type: 'http',
      fault: context.fault,
      mode,
      hosts,
      paths,
      methods: methods.map((method) => method.toUpperCase()),
      service,
      operation,
      times,
      latencyMs,
      answers: mode === 'status' ? answersOf(given, context) : mode === 'truncated' ? { plain: whole(given) } : {},
    };
  },
};

function requestsText({ hosts, paths, methods, service, operation, times }: Params): string {
  const sdk = [service, operation].filter(Boolean).join(' ');
  const parts = [methods.join('|').toUpperCase(), hosts.join('|'), paths.join('|'), sdk].filter(Boolean);
  const first = times === 0 ? '' : times === 1 ? 'first of ' : `first ${String(times)} of `;
  return `${first}${parts.length === 0 ? 'every request' : parts.join(' ')}`;
}

function outcomeText({ mode, status, errorCode, latencyMs }: Params): string {
  if (mode === 'latency') return `+${String(latencyMs)} ms`;
  if (mode !== 'status') return mode;
  return [status === 0 && errorCode !== '' ? '' : String(status || 503), errorCode].filter(Boolean).join(' ');
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What breaks off half-way. */
function whole({ body, contentType, headers }: Params): HttpAnswer {
  const text = body === '' ? `{"items":["${'x'.repeat(1_000)}"]}` : body;
  return { status: 200, headers: { 'content-type': contentType, ...headers }, body: base64(text) };
}

/** The answer to a plain request, and to an SDK call in each of the protocols that it may speak. */
function answersOf(given: Params, context: FaultContext): Readonly<Record<string, HttpAnswer>> {
  const { status, body, contentType, headers, errorCode } = given;
  const code = status || 503;
  const text = body === '' ? JSON.stringify({ message: errorCode || 'by a fault of Faultline' }) : body;
  const plain = { status: code, headers: { 'content-type': contentType, ...headers }, body: base64(text) };
  if (body !== '' || (code < 400 && errorCode === '')) return { plain };
  const id = requestId((name) => context.draw(name));
  const errors = AWS_PROTOCOLS.map((protocol) => {
    const error = errorCode || codeOf(code, protocol);
    const answer = awsError(protocol, status || (errorCode ? statusOf(errorCode, protocol) : code), error, id);
    return [protocol, { ...answer, errorCode: error, headers: { ...answer.headers, ...headers } }] as const;
  });
  return { plain, ...Object.fromEntries(errors) };
}

/** A request id as services make them, but the same on every replay. */
function requestId(draw: (name: string) => number): string {
  const part = (length: number, i: number): string =>
    Math.floor(draw(`request-id ${String(i)}`) * 16 ** length)
      .toString(16)
      .padStart(length, '0');
  return [8, 4, 4, 4, 12].map(part).join('-');
}
