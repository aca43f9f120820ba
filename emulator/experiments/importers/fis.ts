import { z } from 'zod';
import { isoDurationSchema } from '../foreign/durations.js';
import { FIS_ACTIONS, fisFaults } from '../foreign/fis-actions.js';
import { functionOfArn, isFields } from '../foreign/values.js';
import type { Draft, DraftFault, ImportContext, Importer } from './types.js';

/** AWS FIS experiment templates [D], as `create-experiment-template` takes them and `get-experiment-template` gives them. */

const action = z.looseObject({
  actionId: z.string(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.string()).default({}),
  targets: z.record(z.string(), z.string()).default({}),
  startAfter: z.array(z.string()).default([]),
});

type Action = z.output<typeof action>;

const target = z.looseObject({
  resourceType: z.string(),
  resourceArns: z.array(z.string()).default([]),
  resourceTags: z.record(z.string(), z.string()).default({}),
  filters: z.array(z.unknown()).default([]),
  selectionMode: z.string().default('ALL'),
  parameters: z.record(z.string(), z.string()).default({}),
});
type Target = z.output<typeof target>;

const template = z.looseObject({
  description: z.string().default('AWS FIS experiment'),
  actions: z.record(z.string(), action),
  targets: z.record(z.string(), target).default({}),
  stopConditions: z.array(z.looseObject({ source: z.string(), value: z.string().optional() })).default([]),
});
type Template = z.output<typeof template>;

interface Document {
  /** Where the template is in the document. */
  readonly at: readonly string[];
  readonly template: Template;
}

/** As `create-experiment-template` takes it. */
const bare = template.transform((given): Document => ({ at: [], template: given }));
/** As `get-experiment-template` answers. */
const wrapped = z
  .looseObject({ experimentTemplate: template })
  .transform((given): Document => ({ at: ['experimentTemplate'], template: given.experimentTemplate }));

const isWrapped = (value: unknown): boolean => isFields(value) && isFields(value['experimentTemplate']);

/** What belongs to the account and changes nothing here. */
const ACCOUNT_KEYS = new Set(
  'id arn roleArn tags clientToken creationTime lastUpdateTime targetAccountConfigurationsCount experimentOptions'.split(
    ' ',
  ),
);
const KNOWN_KEYS = new Set(['description', 'actions', 'targets', 'stopConditions']);

export const fis: Importer<Document> = {
  title: 'AWS FIS experiment template',
  looksFor: 'actions with an actionId',
  recognises(value) {
    if (!isFields(value)) return false;
    const { actions } = (isWrapped(value) ? value['experimentTemplate'] : value) as { actions?: unknown };
    return isFields(actions) && Object.values(actions).some((each) => isFields(each) && 'actionId' in each);
  },
  schemaOf: (value) => (isWrapped(value) ? wrapped : bare),
  read: ({ at, template: given }, context) => new Reading(given, at, context).draft(),
};

class Reading {
  constructor(
    private readonly template: Template,
    private readonly at: readonly string[],
    private readonly context: ImportContext,
  ) {}

  draft(): Draft {
    const { description, actions } = this.template;
    const starts = this.starts();
    const faults = Object.keys(actions).flatMap((name) => this.faultsOf(name, starts.get(name) ?? 0));
    this.rest();
    const ends = Object.keys(actions).map((name) => (starts.get(name) ?? 0) + this.durationOf(name));
    const [first] = faults;
    const called = this.context.function ?? first?.spec.function;
    return {
      title: oneLine(description),
      ...(called === undefined || called.includes('*') ? {} : { target: { invoke: called } }),
      faults,
      lasts: Math.max(0, ...ends),
    };
  }

  /** When each action begins, in ms: those it waits for have ended. */
  private starts(): ReadonlyMap<string, number> {
    const { actions } = this.template;
    const starts = new Map<string, number>();
    const visit = (name: string, above: readonly string[]): number => {
      const known = starts.get(name);
      if (known !== undefined) return known;
      if (above.includes(name)) {
        this.leave(['actions', name, 'startAfter'], 'the actions wait for each other', 'Let one of them start first.');
        return 0;
      }
      const after = (actions[name]?.startAfter ?? []).map((before, i) => {
        if (actions[before]) return visit(before, [...above, name]) + this.durationOf(before);
        this.leave(['actions', name, 'startAfter', i], `there is no action "${before}"`, 'Name one of the template.');
        return 0;
      });
      const start = Math.max(0, ...after);
      starts.set(name, start);
      return start;
    };
    for (const name of Object.keys(actions)) visit(name, []);
    return starts;
  }

  private durationOf(name: string): number {
    const parsed = isoDurationSchema.safeParse(this.template.actions[name]?.parameters['duration']);
    return parsed.success ? parsed.data : 0;
  }

  private faultsOf(name: string, start: number): DraftFault[] {
    const given = this.template.actions[name] as Action;
    const path = ['actions', name];
    if (given.actionId === 'aws:fis:wait') return [];
    const id = FIS_ACTIONS.find((known) => known === given.actionId);
    if (!id) {
      this.leave(
        path,
        `${given.actionId} breaks something that the emulator does not have`,
        'Add a fault of ours that has the same effect on the function, for example network or http.',
      );
      return [];
    }
    const made = fisFaults(id, given.parameters, (key, why, instead) =>
      this.leave([...path, 'parameters', key], why, instead),
    );
    if (made.length === 0) return [];
    const functions = id.startsWith('aws:lambda:')
      ? this.functionsOf(name, given.targets['Functions'])
      : this.everywhere(path);
    return made.flatMap((spec) => functions.map((where) => ({ spec: { ...spec, ...where }, at: start })));
  }

  /** Roles and subnets say nothing of functions. */
  private everywhere(path: readonly string[]): readonly Where[] {
    const { function: name } = this.context;
    if (name !== undefined) return [{ function: name }];
    this.leave(
      [...path, 'targets'],
      'names no function; the fault hits all of them',
      'Give the function with --function.',
    );
    return [{}];
  }

  /** The functions that an action is for, each with the alias; one for all when the target goes by tags. */
  private functionsOf(action: string, name: string | undefined): readonly Where[] {
    const target = name === undefined ? undefined : this.template.targets[name];
    if (name === undefined || !target) {
      const what = name === undefined ? 'has no target Functions' : `has a target "${name}" that is not there`;
      this.leave(['actions', action, 'targets'], what, 'Give the function with --function.');
      return this.context.function === undefined ? [] : [{ function: this.context.function }];
    }
    const path = ['targets', name];
    this.narrowing(target, path);
    if (this.context.function !== undefined) return [{ function: this.context.function }];
    if (target.resourceArns.length === 0) {
      const tags = Object.entries(target.resourceTags).map(([key, value]) => `${key}=${value}`);
      this.leave(
        [...path, 'resourceTags'],
        `functions have no tags here (${tags.join(', ')}); the fault hits all of them`,
        'Give the function with --function.',
      );
      return [{}];
    }
    return target.resourceArns.map((arn) => whereOf(arn, target.parameters['functionQualifier']));
  }

  private narrowing(target: Target, path: readonly string[]): void {
    if (target.selectionMode !== 'ALL' && target.selectionMode !== `COUNT(${String(target.resourceArns.length)})`) {
      this.leave(
        [...path, 'selectionMode'],
        `${target.selectionMode} picks functions at random; the fault hits each of them`,
        'Delete the faults that are not wanted.',
      );
    }
    if (target.filters.length > 0) {
      this.leave([...path, 'filters'], 'resources are not filtered here', 'Delete the faults that are not wanted.');
    }
  }

  private rest(): void {
    for (const [i, { source, value }] of this.template.stopConditions.entries()) {
      if (source === 'none') continue;
      this.leave(
        ['stopConditions', i],
        `the alarm ${value ?? ''} is in the account`,
        'Write its threshold as one of during that aborts: docs/experiments.md.',
      );
    }
    for (const key of Object.keys(this.template)) {
      if (KNOWN_KEYS.has(key) || ACCOUNT_KEYS.has(key)) continue;
      this.leave([key], 'is a matter of the account', 'Nothing: `faultline test --reporter` writes reports.');
    }
  }

  private leave(path: readonly (string | number)[], why: string, instead: string): void {
    this.context.leaveOut([...this.at, ...path], why, instead);
  }
}

interface Where {
  readonly function?: string;
  readonly match?: { readonly alias: string };
}

/** A published version is code that is not here; an alias of the configuration may be. */
function whereOf(arn: string, qualifier?: string): Where {
  const found = functionOfArn(arn);
  const alias = qualifier ?? found.qualifier;
  const named = alias !== undefined && alias !== '$LATEST' && !/^\d+$/.test(alias);
  return { function: found.name, ...(named ? { match: { alias } } : {}) };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim() || 'AWS FIS experiment';
}
