import type { ExportContext } from '../../exporters/types.js';
import { lambdaAction } from '../fis-export.js';
import type { Timed, Through, Written } from './written.js';

/**
 * Faults that AWS can do for real: a function whose reserved concurrency is 0 is throttled, and one FIS experiment does those
 * that are Lambda actions of FIS [S: chaosaws.awslambda.actions, chaosaws.fis.actions].
 */
export const throughAws: Through = (faults, { title }, context) => {
  const events: Written['events'][number][] = [];
  const rollbacks: object[] = [];
  const others = faults.filter((timed, i) => !throttled(timed, i, events, rollbacks));
  const inFis = others.filter(({ fault, from, to }) =>
    lambdaAction(fault, to - from, ['faults', faults.findIndex((each) => each.fault === fault)], context),
  );
  const configuration: Record<string, unknown> = {
    aws_region: { type: 'env', key: 'AWS_REGION', ...regionOf(context) },
  };
  if (inFis.length > 0) {
    const tags = { faultline: title.replace(/[^\w .:/=+@-]+/g, ' ').slice(0, 200) };
    configuration['fis_template_id'] = { type: 'env', key: 'FIS_TEMPLATE_ID' };
    context.todo(
      'Make the FIS template (faultline export --to fis), and give its id as the environment variable FIS_TEMPLATE_ID.',
    );
    events.push({
      // The template has the times of its actions itself.
      at: 0,
      activity: python('action', 'start-the-fis-experiment', 'chaosaws.fis.actions', 'start_experiment', {
        experiment_template_id: '${fis_template_id}',
        tags,
      }),
    });
    rollbacks.push(
      python('action', 'stop-the-fis-experiment', 'chaosaws.fis.actions', 'stop_experiments_by_tags', { tags }),
    );
  }
  return { events, rollbacks, configuration };
};

/** @returns whether it is one that throttles a function wholly */
function throttled(
  { fault, from, to }: Timed,
  i: number,
  events: Written['events'][number][],
  rollbacks: object[],
): boolean {
  const { kind, function: name = '*', params, rate, match, atOnce, ramp, nth, first, every, sequence } = fault;
  const picked = [match, atOnce, ramp, nth, first, every, sequence].some((value) => value !== undefined);
  const whole = kind === 'throttle' && params['perSecond'] === 0 && rate === 100 && !picked;
  if (!whole || name.includes('*') || !fault.enabled || fault.dryRun) return false;
  const undo = python('action', `unthrottle-${name}`, MODULE, 'delete_function_concurrency', { function_name: name });
  events.push({
    at: from,
    activity: python('action', `throttle-${name}-${String(i + 1)}`, MODULE, 'put_function_concurrency', {
      function_name: name,
      concurrent_executions: 0,
    }),
  });
  if (to - from === fault.for) events.push({ at: to, activity: undo });
  rollbacks.push(undo);
  return true;
}

const MODULE = 'chaosaws.awslambda.actions';

export function python(type: string, name: string, module: string, func: string, given: object) {
  return { type, name, provider: { type: 'python', module, func, arguments: given } };
}

function regionOf({ options }: ExportContext): object {
  return options.region === undefined ? {} : { default: options.region };
}
