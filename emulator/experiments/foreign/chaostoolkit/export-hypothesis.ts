import type { Experiment, Expectation, Probe } from '../../../contract/experiment.js';
import type { ExportContext } from '../../exporters/types.js';
import { thresholdsOf } from '../expectations.js';
import { isFields } from '../values.js';
import { python } from './export-aws.js';

/** What must hold, as a hypothesis of the Chaos Toolkit: single calls with a tolerance. */

type Path = readonly (string | number)[];

export interface WrittenHypothesis {
  readonly probes: readonly object[];
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * The toolkit has one hypothesis, for before and while the faults are on. It is the steady state where both are the same, and
 * else what must hold during: that is the weaker of the two, or the experiment could not pass.
 */
export function hypothesisFrom({ target, steadyState, during }: Experiment, context: ExportContext): WrittenHypothesis {
  const same = JSON.stringify(steadyState) === JSON.stringify(during);
  if (!same) {
    const why = 'the Chaos Toolkit holds one hypothesis before and after the method; it is what must hold during';
    context.leaveOut(['steadyState'], why, 'Check the steady state beforehand, where it is stricter.');
  }
  const phase = same ? 'steadyState' : 'during';
  const probes = [
    called(target, during, phase, context),
    ...(during.probes ?? []).map((probe, i) => probed(probe, [phase, 'probes', i], context)),
  ].filter((probe) => probe !== undefined);
  left(during, phase, context);
  const needsUrl = JSON.stringify(probes).includes('${base_url}');
  if (needsUrl) context.todo('Give the URL of what is tested as the environment variable BASE_URL.');
  return {
    probes,
    configuration: needsUrl ? { base_url: { type: 'env', key: 'BASE_URL', default: 'http://127.0.0.1:3000' } } : {},
  };
}

function called(
  { request, invoke, queue, headers, body, event }: Experiment['target'],
  expectation: Expectation,
  phase: string,
  { leaveOut }: ExportContext,
): object | undefined {
  if (invoke !== undefined) return invocation(`invoke-${invoke}`, invoke, event);
  if (request === undefined) {
    leaveOut(['target', 'queue'], `no provider sends a message to ${queue ?? 'a queue'}`, 'Write a probe in Python.');
    return undefined;
  }
  const [method = 'GET', path = '/'] = request.split(' ');
  const waits = patience(expectation, phase);
  return {
    type: 'probe',
    name: request,
    tolerance: expectation.status ?? { type: 'range', range: [100, 499], target: 'status' },
    provider: {
      type: 'http',
      method,
      url: `\${base_url}${path}`,
      ...withBody(headers, body),
      ...(waits === undefined ? {} : { timeout: waits / 1_000 }),
    },
  };
}

/** The most that one answer may take: the one threshold that a single call can be held against. */
function patience(expectation: Expectation, phase: string): number | undefined {
  const most = thresholdsOf(expectation, phase).flatMap(({ metric, threshold }) => {
    const [, ms] = /^\s*max\s*<=?\s*(\d+(?:\.\d+)?)\s*$/.exec(threshold) ?? [];
    return ms !== undefined && (metric === 'latency' || metric === 'http_req_duration') ? [Number(ms)] : [];
  });
  return most.length > 0 ? Math.min(...most) : undefined;
}

function withBody(headers: Readonly<Record<string, string>> | undefined, body: unknown): object {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const all = { ...json, ...headers };
  return {
    ...(Object.keys(all).length > 0 ? { headers: all } : {}),
    ...(body === undefined ? {} : { arguments: body }),
  };
}

/** It went well when the answer of the SDK has no FunctionError. */
function invocation(name: string, invoke: string, event: unknown): object {
  return {
    ...python('probe', name, 'chaosaws.awslambda.actions', 'invoke_function', {
      function_name: invoke,
      ...(event === undefined ? {} : { function_arguments: event }),
    }),
    tolerance: { type: 'jsonpath', path: '$.FunctionError', count: 0 },
  };
}

function probed(probe: Probe, path: Path, context: ExportContext): object | undefined {
  const { name, http, invoke, process, event, headers, body, expect, timeout } = probe;
  const title = name ?? http ?? invoke ?? process?.command ?? 'probe';
  if (invoke !== undefined) {
    if (expect)
      context.leaveOut([...path, 'expect'], 'an invocation is held against an error only', 'Write it in Python.');
    return invocation(title, invoke, event);
  }
  if (process) return command(title, process, expect, path, context);
  if (http === undefined) {
    context.leaveOut(path, 'metrics and logs of the emulator are not there elsewhere', 'Write a probe on CloudWatch.');
    return undefined;
  }
  const [method = 'GET', url = ''] = http.split(' ');
  return {
    type: 'probe',
    name: title,
    tolerance: tolerance(expect, path, context),
    provider: {
      type: 'http',
      method,
      url: url.startsWith('/') ? `\${base_url}${url}` : url,
      ...withBody(headers, body),
      timeout: timeout / 1_000,
    },
  };
}

/** A tolerance holds one thing; the others are told. */
function tolerance(expect: Probe['expect'], path: Path, { leaveOut }: ExportContext): unknown {
  const { status, body = {}, text, ...rest } = expect ?? {};
  const [place, ...places] = Object.entries(body);
  const found = place ? jsonPath(place[0], place[1]) : undefined;
  const regex = isFields(text) && typeof text['regex'] === 'string' ? text['regex'] : undefined;
  const kept = found ? 'body' : regex !== undefined ? 'text' : 'status';
  const given = Object.keys({
    ...(status === undefined ? {} : { status }),
    ...(place ? { body } : {}),
    ...(text ? { text } : {}),
    ...rest,
  });
  for (const key of given.filter((each) => each !== kept)) {
    leaveOut([...path, 'expect', key], 'a tolerance holds one thing', 'Write another probe for it.');
  }
  if (places.length > 0 && found)
    leaveOut([...path, 'expect', 'body'], 'a tolerance holds one place', 'Write a probe for each.');
  if (found) return found;
  if (regex !== undefined) return { type: 'regex', pattern: regex, target: 'body' };
  return status ?? { type: 'range', range: [100, 499], target: 'status' };
}

function jsonPath(path: string, wanted: unknown): object | undefined {
  const base = { type: 'jsonpath', path, target: 'body' };
  if (!isFields(wanted)) return { ...base, expect: [wanted] };
  if (Object.keys(wanted).length !== 1) return undefined;
  if (wanted['eq'] !== undefined) return { ...base, expect: [wanted['eq']] };
  return typeof wanted['exists'] === 'boolean' ? { ...base, count: wanted['exists'] ? 1 : 0 } : undefined;
}

function command(
  name: string,
  { command: path, args, env }: NonNullable<Probe['process']>,
  expect: Probe['expect'],
  at: Path,
  { leaveOut }: ExportContext,
): object {
  if (Object.keys(env).length > 0)
    leaveOut([...at, 'process', 'env'], 'a process has no variables of its own', 'Set them before.');
  const { exitCode = 0, stdout } = expect ?? {};
  const regex = isFields(stdout) && typeof stdout['regex'] === 'string' ? stdout['regex'] : undefined;
  if (stdout !== undefined && regex === undefined) {
    leaveOut([...at, 'expect', 'stdout'], 'stdout is held against a regular expression', 'Write it as regex:.');
  }
  return {
    type: 'probe',
    name,
    tolerance: regex === undefined ? exitCode : { type: 'regex', pattern: regex, target: 'stdout' },
    provider: { type: 'process', path, ...(args.length > 0 ? { arguments: args } : {}) },
  };
}

/** What many requests are needed for. */
function left(expectation: Expectation, phase: string, { leaveOut }: ExportContext): void {
  const many = (['errorShare', 'p50', 'p95', 'p99', 'delivery', 'memory'] as const).filter(
    (key) => expectation[key] !== undefined,
  );
  for (const key of many) {
    // Of a share of none, one call that must not fail is what can be said; the tolerance says it.
    if (key === 'errorShare' && expectation.errorShare?.max === 0) continue;
    leaveOut([phase, key], 'one call has no share, no quantile and no balance', 'Watch it with a load generator.');
  }
  for (const { path, threshold, metric } of thresholdsOf(expectation, phase)) {
    if (/^\s*max\s*</.test(threshold) && /latency|duration/.test(metric)) continue;
    leaveOut(path, 'one call has no share, no quantile and no balance', 'Watch it with a load generator.');
  }
}
