import type { ExperimentFault } from '../../contract/experiment.js';
import type { ExportContext } from '../exporters/types.js';
import { durationText, isoDuration } from './durations.js';
import { MAX_ACTION_MS, MIN_ACTION_MS, type FisAction } from './fis-template.js';
import { isFields } from './values.js';

/** A fault of ours as a Lambda action of AWS FIS, as far as there is one. */

type Path = readonly (string | number)[];
/** Without its target and what it starts after. */
export type LambdaActionPart = Pick<Exclude<FisAction, { actionId: 'aws:fis:wait' }>, 'actionId' | 'parameters'>;

/** @param lasts ms that the fault is on @returns undefined when it is left out */
export function lambdaAction(
  fault: ExperimentFault,
  lasts: number,
  path: Path,
  context: ExportContext,
): LambdaActionPart | undefined {
  if (!wholly(fault, path, context)) return undefined;
  const maker = Object.hasOwn(makers, fault.kind) ? makers[fault.kind] : undefined;
  if (!maker) {
    context.leaveOut(path, `AWS FIS has no action for ${fault.kind} on a Lambda function`, 'It stays a test here.');
    return undefined;
  }
  const params = { ...context.defaultsOf(fault.kind), ...fault.params };
  const made = maker(params, (key, why, instead) => context.leaveOut([...path, 'params', key], why, instead));
  if (!made) return undefined;
  return {
    actionId: made.actionId,
    parameters: {
      duration: minutes(lasts, path, context),
      ...percentage(fault.rate, path, context),
      ...made.parameters,
    },
  } as LambdaActionPart;
}

/** An action hits all invocations of its functions, by share; a fault that picks some of them would become a larger one. */
function wholly(fault: ExperimentFault, path: Path, { leaveOut }: ExportContext): boolean {
  const { match, atOnce, ramp } = fault;
  const picks = (['nth', 'first', 'every', 'sequence'] as const).filter((key) => fault[key] !== undefined);
  const narrow = [
    ...Object.keys(match ?? {})
      .filter((key) => key !== 'alias')
      .map((key) => ['match', key]),
    ...picks.map((key) => [key]),
    ...(atOnce === undefined ? [] : [['atOnce']]),
  ];
  for (const key of narrow) {
    leaveOut(
      [...path, ...key],
      'AWS FIS hits invocations by share only; the fault would hit more',
      'It stays a test here.',
    );
  }
  if (fault.dryRun || !fault.enabled) {
    leaveOut(path, fault.dryRun ? 'a dry run hits nothing' : 'is switched off', 'Change it to export it.');
    return false;
  }
  if (ramp !== undefined) leaveOut([...path, 'ramp'], 'AWS FIS has no ramp; the full share is hit at once', 'Nothing.');
  return narrow.length === 0;
}

type Leave = (key: string, why: string, instead: string) => void;
type Maker = (params: Readonly<Record<string, unknown>>, leave: Leave) => PartOf | undefined;
interface PartOf {
  readonly actionId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Longer than any function may run: the invocation times out. */
const FOR_EVER_MS = 900_000;
const NOTHING = 'It stays a test here.';

const makers: Readonly<Record<string, Maker>> = {
  latency(params, leave) {
    if (params['when'] === 'after') {
      leave('when', 'AWS FIS delays before the handler only', NOTHING);
      return undefined;
    }
    if (params['distribution'] === 'percentiles') {
      leave('distribution', 'AWS FIS delays by one time, and a table of percentiles has several', NOTHING);
      return undefined;
    }
    for (const key of ['jitter', 'distribution']) {
      const value = params[key];
      if (value === undefined || value === 0 || (key === 'distribution' && value === 'fixed')) continue;
      const shown = isFields(value) ? JSON.stringify(value) : String(value);
      leave(key, `AWS FIS delays by one time, not by ${key} ${shown}`, 'The delay is ms, for every invocation.');
    }
    return delay(Math.round(Number(params['ms'])));
  },
  hang(params, leave) {
    if (params['when'] === 'after') {
      leave('when', 'AWS FIS delays before the handler only', NOTHING);
      return undefined;
    }
    if (params['mode'] !== 'idle') leave('mode', 'AWS FIS waits idly', 'The invocation times out all the same.');
    return delay(FOR_EVER_MS);
  },
  exception(params, leave) {
    for (const key of ['errorType', 'message']) {
      if (!IMPORTED.has(String(params[key]))) leave(key, 'AWS FIS names the error itself', 'Nothing.');
    }
    return {
      actionId: 'aws:lambda:invocation-error',
      parameters: { preventExecution: String(params['when'] === 'before') },
    };
  },
  status(params, leave) {
    if (params['body'] !== '') leave('body', 'AWS FIS answers without a body of yours', 'Nothing.');
    return {
      actionId: 'aws:lambda:invocation-http-integration-response',
      parameters: {
        // A parameter has no spaces in it: `text/plain;charset=utf-8`.
        contentTypeHeader: String(params['contentType']).replace(/\s+/g, ''),
        statusCode: String(params['code']),
        preventExecution: String(params['preventExecution']),
      },
    };
  },
};

/** What our own import puts there, and our defaults: nothing that somebody chose. */
const IMPORTED = new Set(['InjectedError', 'Injected by Faultline', 'Injected as AWS FIS does']);

function delay(ms: number): PartOf {
  return { actionId: 'aws:lambda:invocation-add-delay', parameters: { startupDelayMilliseconds: String(ms) } };
}

function percentage(rate: number, path: Path, { leaveOut }: ExportContext): Readonly<Record<string, string>> {
  if (rate === 100) return {};
  const share = Math.min(100, Math.max(1, Math.round(rate)));
  if (share !== rate) {
    leaveOut([...path, 'rate'], `AWS FIS takes whole percents; it is ${String(share)} % there`, 'Nothing.');
  }
  return { invocationPercentage: String(share) };
}

/** At least a minute, at most twelve hours. @param what it is, for what is told */
export function minutes(ms: number, path: Path, { leaveOut }: ExportContext, what = 'lasts'): string {
  const allowed = Math.min(MAX_ACTION_MS, Math.max(MIN_ACTION_MS, ms));
  if (allowed !== ms) {
    leaveOut(
      path,
      `${what} ${durationText(ms)}; an action of AWS FIS lasts 1 minute to 12 hours`,
      `It is ${durationText(allowed)} there.`,
    );
  }
  return isoDuration(allowed);
}
