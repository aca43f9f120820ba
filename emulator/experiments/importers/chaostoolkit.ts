import type { ExperimentInput, ProbeInput } from '../../contract/experiment.js';
import { chaosSchema, KNOWN_KEYS, SILENT_KEYS, type Activity, type Chaos } from '../foreign/chaostoolkit/document.js';
import { hypothesisOf } from '../foreign/chaostoolkit/hypothesis.js';
import { ActionReader } from '../foreign/chaostoolkit/actions.js';
import { ProbeReader } from '../foreign/chaostoolkit/probes.js';
import { Substitution } from '../foreign/chaostoolkit/substitute.js';
import { Timeline } from '../foreign/chaostoolkit/timeline.js';
import { hostOf } from '../foreign/chaostoolkit/urls.js';
import { isFields } from '../foreign/values.js';
import type { Draft, DraftTarget, ImportContext, Importer } from './types.js';

/**
 * The Chaos Toolkit, JSON or YAML. It holds the hypothesis before the method and after it, and rolls back then; so it is our
 * steady state and what must hold while the faults are on. Its first HTTP probe, or first invocation, is what we call.
 */
export const chaostoolkit: Importer<Chaos> = {
  title: 'Chaos Toolkit experiment',
  looksFor: 'a title with a method or a steady-state-hypothesis',
  recognises: (value) =>
    isFields(value) &&
    typeof value['title'] === 'string' &&
    (Array.isArray(value['method']) || isFields(value['steady-state-hypothesis'])),
  schemaOf: () => chaosSchema,
  read(given, context) {
    const { configuration, secrets } = given;
    const value = new Substitution(configuration, secrets, context.env, context.leaveOut).fill(given);
    return new Reading(value, context).draft();
  },
};

class Reading {
  readonly #value: Chaos;
  readonly #context: ImportContext;
  readonly #probes: ProbeReader;
  readonly #actions: ActionReader;
  #called: DraftTarget | undefined;

  constructor(value: Chaos, context: ImportContext) {
    this.#value = value;
    this.#context = context;
    const first = value['steady-state-hypothesis']?.probes.map(({ provider }) => hostOf(provider?.url ?? '')) ?? [];
    const application = first.find((host) => host !== undefined);
    this.#probes = new ProbeReader(context.leaveOut, new Set(application === undefined ? [] : [application]));
    this.#actions = new ActionReader(context);
  }

  draft(): Draft {
    const { title, description } = this.#value;
    const hypothesis = this.#hypothesis();
    const timeline = this.#method();
    this.#rollbacks();
    this.#rest();
    const during = [...(hypothesis?.expectation.probes ?? []), ...timeline.probes];
    return {
      title: title.replace(/[\p{Cc}\s]+/gu, ' ').trim() || 'Chaos Toolkit experiment',
      description,
      target: hypothesis?.target ?? this.#called,
      ...(hypothesis ? { steadyState: hypothesis.expectation } : {}),
      ...(hypothesis || during.length > 0
        ? { during: { ...hypothesis?.expectation, ...(during.length > 0 ? { probes: during } : {}) } }
        : {}),
      faults: timeline.faults(this.#context.leaveOut),
      lasts: timeline.now,
    };
  }

  #hypothesis(): { target?: DraftTarget; expectation: NonNullable<ExperimentInput['steadyState']> } | undefined {
    const given = this.#value['steady-state-hypothesis']?.probes ?? [];
    const path = ['steady-state-hypothesis', 'probes'];
    const read = given.flatMap((activity, i): ProbeInput[] => {
      const probe = this.#probes.read(this.#resolved(activity, [...path, i]), [...path, i]);
      return probe ? [probe] : [];
    });
    return read.length > 0 ? hypothesisOf(read) : undefined;
  }

  #method(): Timeline {
    const timeline = new Timeline();
    for (const [i, given] of this.#value.method.entries()) {
      const path = ['method', i];
      const activity = this.#resolved(given, path);
      const background = activity.background === true || activity.background === 'true';
      const before = secondsOf(activity.pauses?.before);
      const start = timeline.now + before;
      if (!background) timeline.wait(before);
      if (activity.type === 'probe') this.#probe(activity, path, start, timeline);
      else this.#action(activity, path, start, background, timeline);
      if (!background) timeline.wait(secondsOf(activity.pauses?.after));
    }
    return timeline;
  }

  #probe(activity: Activity, path: readonly (string | number)[], start: number, timeline: Timeline): void {
    if (activity.tolerance === undefined) {
      this.#context.leaveOut(path, 'a probe without a tolerance checks nothing', 'Give it a tolerance to import it.');
      return;
    }
    const probe = this.#probes.read(activity, path);
    if (probe) timeline.probe(probe, start);
  }

  #action(
    activity: Activity,
    path: readonly (string | number)[],
    start: number,
    background: boolean,
    timeline: Timeline,
  ): void {
    for (const done of this.#actions.read(activity, path)) {
      if (done.type === 'fault') timeline.begin(this.#aimed(done.spec), done.key, start, path);
      if (done.type === 'undo') timeline.end(done.key, start);
      if (done.type === 'wait' && !background) timeline.wait(done.ms);
      if (done.type === 'call') this.#call(done.target, path);
    }
  }

  #aimed<T extends { readonly function?: string | undefined }>(spec: T): T {
    const { function: name } = this.#context;
    return name === undefined || spec.function !== undefined ? spec : { ...spec, function: name };
  }

  #call(target: DraftTarget, path: readonly (string | number)[]): void {
    if (!this.#called) this.#called = target;
    else this.#context.leaveOut(path, 'one function is called over and over, and it is another', 'Give --target.');
  }

  /** What ends a fault is nothing to carry over: every fault of ours ends by itself. */
  #rollbacks(): void {
    for (const [i, given] of this.#value.rollbacks.entries()) {
      const path = ['rollbacks', i];
      const activity = this.#resolved(given, path);
      for (const done of this.#actions.read(activity, path)) {
        if (done.type === 'fault') {
          const why = 'is a fault in the rollbacks, which come after everything is checked';
          this.#context.leaveOut(path, why, 'Move it into the method.');
        }
        if (done.type === 'call') this.#call(done.target, path);
      }
    }
  }

  /** `{ "ref": "name" }` stands for the activity of that name. */
  #resolved(activity: Activity, path: readonly (string | number)[]): Activity {
    if (activity.ref === undefined) return activity;
    const { method, rollbacks, 'steady-state-hypothesis': hypothesis } = this.#value;
    const found = [...(hypothesis?.probes ?? []), ...method, ...rollbacks].find(({ name }) => name === activity.ref);
    if (found) return { ...found, ...(activity.pauses ? { pauses: activity.pauses } : {}) };
    this.#context.leaveOut(path, `there is no activity "${activity.ref}"`, 'Name one of the document.');
    return { type: 'nothing' };
  }

  #rest(): void {
    for (const key of Object.keys(this.#value)) {
      if (KNOWN_KEYS.has(key) || SILENT_KEYS.has(key)) continue;
      this.#context.leaveOut([key], 'is how the Chaos Toolkit runs it', 'Nothing: `faultline test --help` has ours.');
    }
  }
}

function secondsOf(pause: number | string | undefined): number {
  const seconds = Number(pause ?? 0);
  return seconds > 0 ? seconds * 1_000 : 0;
}
