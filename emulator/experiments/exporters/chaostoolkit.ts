import type { Experiment, ExperimentFault } from '../../contract/experiment.js';
import { FaultlineError } from '../../contract/errors.js';
import { throughAws } from '../foreign/chaostoolkit/export-aws.js';
import { throughFaultline } from '../foreign/chaostoolkit/export-faultline.js';
import { hypothesisFrom } from '../foreign/chaostoolkit/export-hypothesis.js';
import type { Written } from '../foreign/chaostoolkit/written.js';
import type { ExportContext, Exporter } from './types.js';

/**
 * A Chaos Toolkit experiment. Its hypothesis is held before the method and after it, while the faults are on; its method does
 * what AWS can do for real, or, with a control URL, asks an emulator for the faults.
 */
export const chaostoolkit: Exporter = {
  title: 'Chaos Toolkit experiment',
  use: 'chaos run FILE',
  write(experiment, context) {
    const hypothesis = hypothesisFrom(experiment, context);
    const through = context.options.control === undefined ? throughAws : throughFaultline;
    const { events, rollbacks, configuration, secrets } = through(timesOf(experiment), experiment, context);
    if (events.length === 0) throw nothing();
    rest(experiment, context);
    return {
      version: '1.0.0',
      title: experiment.title,
      description: experiment.description ?? experiment.title,
      tags: ['faultline'],
      configuration: { ...hypothesis.configuration, ...configuration },
      ...(secrets ? { secrets } : {}),
      'steady-state-hypothesis': { title: experiment.title, probes: hypothesis.probes },
      method: paced(events, experiment.load.for),
      rollbacks,
    };
  },
};

/** A fault with when it is on. */
function timesOf({ faults, load }: Experiment): readonly { fault: ExperimentFault; from: number; to: number }[] {
  return faults.map((fault) => ({ fault, from: fault.at, to: Math.min(load.for, fault.at + fault.for) }));
}

/** Activities in the order of their times, with the pauses between them: what follows the last one is the rest of the phase. */
function paced(events: Written['events'], phase: number): object[] {
  const ordered = [...events].sort((a, b) => a.at - b.at);
  return ordered.map(({ at, activity }, i) => {
    const before = i === 0 ? at : 0;
    const after = (ordered[i + 1]?.at ?? phase) - at;
    const pauses = {
      ...(before > 0 ? { before: before / 1_000 } : {}),
      ...(after > 0 ? { after: after / 1_000 } : {}),
    };
    return Object.keys(pauses).length > 0 ? { ...activity, pauses } : activity;
  });
}

function rest({ after, load }: Experiment, { leaveOut }: ExportContext): void {
  const rate = load.stages ? 'stages' : load.rate !== undefined ? `${String(load.rate)} a second` : 'users';
  leaveOut(
    ['load'],
    `the Chaos Toolkit calls once before and once after, not ${rate}`,
    'Let a load generator run beside it.',
  );
  if (after)
    leaveOut(['after'], 'the Chaos Toolkit checks nothing after its rollbacks', 'Run it again without a method.');
}

function nothing(): FaultlineError {
  return new FaultlineError('USAGE', 'this experiment has no fault that AWS can do for real', {
    hint: 'With --control URL the experiment asks an emulator for its faults.',
  });
}
