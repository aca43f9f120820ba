import type { Experiment, ExperimentFault } from '../../contract/experiment.js';
import { lambdaAction, minutes } from '../foreign/fis-export.js';
import {
  fisTemplateSchema,
  MAX_ACTIONS,
  MAX_ARNS,
  MAX_DESCRIPTION,
  MAX_NAME,
  MAX_STOP_CONDITIONS,
  type FisTemplate,
} from '../foreign/fis-template.js';
import { abortThresholds } from '../foreign/expectations.js';
import { FaultlineError } from '../../contract/errors.js';
import { wildcard } from '../../value-match.js';
import type { ExportContext, Exporter } from './types.js';

/**
 * An AWS FIS experiment template: the faults that FIS's Lambda actions can do. What is called and what must hold has no place in
 * it; thresholds that abort become stop conditions, whose alarms are the account's.
 */
export const fis: Exporter = {
  title: 'AWS FIS experiment template',
  use: 'aws fis create-experiment-template --cli-input-json file://FILE',
  write: (experiment, context) => new Writing(experiment, context).template(),
};

class Writing {
  readonly #actions: FisTemplate['actions'] = {};
  readonly #targets: FisTemplate['targets'] = {};
  readonly #waits = new Map<number, string>();

  constructor(
    private readonly experiment: Experiment,
    private readonly context: ExportContext,
  ) {}

  /** @throws FaultlineError USAGE when no fault is left, or when there are more than a template holds */
  template(): FisTemplate {
    const { faults, title, load } = this.experiment;
    for (const [i, fault] of faults.entries()) this.#fault(fault, ['faults', i], load.for);
    this.#rest();
    const count = Object.keys(this.#actions).length;
    if (count === 0 || count > MAX_ACTIONS) {
      const what = count === 0 ? 'none of its faults is one of AWS FIS' : `it takes ${String(count)} actions`;
      throw new FaultlineError('USAGE', `this experiment is no AWS FIS template: ${what}`, {
        hint: `FIS has latency, exception, status and hang on Lambda functions, at most ${String(MAX_ACTIONS)} actions.`,
      });
    }
    const template: FisTemplate = {
      description: title.slice(0, MAX_DESCRIPTION),
      targets: this.#targets,
      actions: this.#actions,
      stopConditions: this.#stopConditions(),
      roleArn: this.#role(),
      tags: { Name: title.slice(0, 256) },
      experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail' },
    };
    fisTemplateSchema.parse(template);
    return template;
  }

  #fault(fault: ExperimentFault, path: readonly (string | number)[], phase: number): void {
    const functions = this.#functions(fault, path);
    if (functions.length === 0) return;
    const lasts = Math.min(fault.for, phase - fault.at);
    const made = lambdaAction(fault, lasts, path, this.context);
    if (!made) return;
    const startAfter = fault.at > 0 ? [this.#wait(fault.at, [...path, 'at'])] : undefined;
    const alias = fault.match?.alias;
    for (let i = 0; i < functions.length; i += MAX_ARNS) {
      const some = functions.slice(i, i + MAX_ARNS);
      const target = this.#name(`${some.length === 1 ? (some[0] ?? '') : 'functions'}`, this.#targets);
      this.#targets[target] = {
        resourceType: 'aws:lambda:function',
        resourceArns: some.map((name) =>
          this.#arn(`function:${name}${alias === undefined ? '' : `:${alias}`}`, 'lambda'),
        ),
        selectionMode: 'ALL',
      };
      const name = this.#name(`${fault.kind}-${target}`, this.#actions);
      const action = { ...made, targets: { Functions: target }, ...(startAfter ? { startAfter } : {}) };
      this.#actions[name] = action as FisTemplate['actions'][string];
    }
  }

  #functions({ function: pattern = '*' }: ExperimentFault, path: readonly (string | number)[]): readonly string[] {
    if (!pattern.includes('*')) return [pattern];
    const found = this.context.functions.filter(wildcard(pattern));
    if (found.length === 0) {
      this.context.leaveOut(path, 'names no function, and AWS FIS wants to know which', 'Give function:.');
    }
    return found;
  }

  /** One for each time: faults that begin together wait for the same. */
  #wait(at: number, path: readonly (string | number)[]): string {
    const known = this.#waits.get(at);
    if (known !== undefined) return known;
    const name = this.#name('wait', this.#actions);
    this.#waits.set(at, name);
    this.#actions[name] = {
      actionId: 'aws:fis:wait',
      parameters: { duration: minutes(at, path, this.context, 'begins after') },
    };
    return name;
  }

  #name(wanted: string, taken: object): string {
    const plain = wanted.replace(/[^\w-]+/g, '-').slice(0, MAX_NAME - 4);
    for (let i = 1; ; i++) {
      const name = i === 1 ? plain : `${plain}-${String(i)}`;
      if (!Object.hasOwn(taken, name)) return name;
    }
  }

  #stopConditions(): FisTemplate['stopConditions'] {
    const thresholds = abortThresholds(this.experiment);
    if (thresholds.length === 0) return [{ source: 'none' }];
    for (const { path } of thresholds.slice(MAX_STOP_CONDITIONS)) {
      this.context.leaveOut(path, 'a template has at most 5 stop conditions', 'Join the alarms into a composite one.');
    }
    return thresholds.slice(0, MAX_STOP_CONDITIONS).map(({ metric, threshold }, i) => {
      const name = this.#name(`faultline-${metric}-${String(i + 1)}`, {});
      this.context.todo(`Make a CloudWatch alarm ${name} that fires when ${metric} ${threshold} does not hold.`);
      return { source: 'aws:cloudwatch:alarm', value: this.#arn(`alarm:${name}`, 'cloudwatch') };
    });
  }

  #arn(resource: string, service: string): string {
    const { region = 'REGION', account = accountOf(this.context.options.role) } = this.context.options;
    return `arn:aws:${service}:${region}:${account ?? 'ACCOUNT_ID'}:${resource}`;
  }

  #role(): string {
    const { role, region, account = accountOf(role) } = this.context.options;
    const { todo } = this.context;
    if (role === undefined) todo('Put in the role that FIS takes on: --role ARN, or roleArn in the file.');
    if (account === undefined) todo('Put in the account in place of ACCOUNT_ID: --account NUMBER.');
    if (region === undefined) todo('Put in the region in place of REGION: --region NAME.');
    todo('Functions must have the FIS extension as a layer, and the names that they have here.');
    return role ?? `arn:aws:iam::${account ?? 'ACCOUNT_ID'}:role/FIS_ROLE`;
  }

  /** What an experiment of ours has and a template has not. */
  #rest(): void {
    const { leaveOut } = this.context;
    leaveOut(['load'], 'AWS FIS calls nothing', 'Let real traffic, or a load generator, call the functions.');
    leaveOut(
      ['steadyState'],
      'AWS FIS checks nothing beforehand',
      'Check it yourself, or run the Chaos Toolkit export.',
    );
    leaveOut(['during'], 'AWS FIS holds nothing but its stop conditions', 'Thresholds with abortOnFail become those.');
    if (this.experiment.after) leaveOut(['after'], 'AWS FIS checks nothing afterwards', 'Check it yourself.');
  }
}

function accountOf(role: string | undefined): string | undefined {
  return /^arn:[^:]*:iam::(\d{12}):/.exec(role ?? '')?.[1];
}
