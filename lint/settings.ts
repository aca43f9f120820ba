import type { Finding, OptionSchema, Severity } from '../emulator/contract/findings.js';
import { nearest } from '../emulator/contract/nearest.js';
import type { Rule, RuleOptions } from './rule.js';

/** What a user sets: which preset, which rules, how loud, with which options. */

/** `recommended` is what nobody should ship without; `strict` also says what a careful reviewer would ask about. */
export type Preset = 'recommended' | 'strict';
export type Level = 'off' | Severity;
/** `off`, a severity, or a severity with options. */
export type RuleSetting = Level | readonly [Level, RuleOptions];
export type RuleSettings = Readonly<Record<string, RuleSetting>>;

/** A setting that names what does not exist; the message says what would. */
export class SettingsError extends Error {
  /** The key below `rules:` that it is about: the rule, or the rule, 1 and the option. */
  readonly at: readonly (string | number)[];

  constructor(message: string, at: readonly (string | number)[]) {
    super(message);
    this.at = at;
  }
}

const loudness: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

export function levelOf(setting: RuleSetting): Level {
  return typeof setting === 'string' ? setting : setting[0];
}

/** @throws SettingsError for a rule or an option that does not exist */
export function checkSettings(all: readonly Rule[], settings: RuleSettings): void {
  for (const [id, setting] of Object.entries(settings)) check(all, id, setting);
}

/** The rules that run. @throws SettingsError for a rule or an option that does not exist */
export function activeRules(all: readonly Rule[], settings: RuleSettings, preset: Preset): Rule[] {
  checkSettings(all, settings);
  return all.filter((rule) => {
    const setting = settings[rule.meta.id];
    if (setting !== undefined) return levelOf(setting) !== 'off';
    return preset === 'strict' || rule.meta.recommended !== false;
  });
}

function check(all: readonly Rule[], id: string, setting: RuleSetting): void {
  const rule = all.find((each) => each.meta.id === id);
  if (rule === undefined) {
    const ids = all.map((each) => each.meta.id);
    throw new SettingsError(`There is no rule "${id}". ${meant(id, ids)}Rules are ${ids.join(', ')}.`, [id]);
  }
  if (typeof setting === 'string') return;
  const known = rule.meta.options?.properties ?? {};
  for (const [key, value] of Object.entries(setting[1])) {
    const schema = known[key];
    if (schema === undefined) {
      const names = Object.keys(known);
      const takes = names.length === 0 ? 'It takes none.' : `${meant(key, names)}It takes ${names.join(', ')}.`;
      throw new SettingsError(`${id} has no option "${key}". ${takes}`, [id, 1, key]);
    }
    if (!fits(schema, value)) {
      const wanted = schema.enum === undefined ? schema.type : schema.enum.join(', ');
      throw new SettingsError(`${id}: "${key}" takes ${wanted}, not ${JSON.stringify(value)}.`, [id, 1, key]);
    }
  }
}

function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? '' : `Did you mean "${near}"? `;
}

function fits(schema: OptionSchema, value: unknown): boolean {
  if (schema.type === 'array') return Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (typeof value !== schema.type) return false;
  if (schema.enum !== undefined) return schema.enum.includes(value as string);
  return schema.minimum === undefined || (value as number) >= schema.minimum;
}

/** The options that settings carry, by rule. */
export function optionsIn(settings: RuleSettings): Record<string, RuleOptions> {
  const entries = Object.entries(settings).flatMap(([id, each]) =>
    typeof each === 'string' ? [] : [[id, each[1]] as const],
  );
  return Object.fromEntries(entries);
}

/** How loud a finding is under some settings. */
export function severityOf(
  all: readonly Rule[],
  settings: RuleSettings,
  preset: Preset,
): (finding: Finding) => Severity {
  const rules = new Map(all.map((each) => [each.meta.id, each]));
  return (finding) => {
    const rule = rules.get(finding.rule);
    const setting = settings[finding.rule];
    if (rule === undefined) return finding.severity;
    const level = setting === undefined ? undefined : levelOf(setting);
    const wanted = level ?? (preset === 'strict' ? rule.meta.strict : undefined);
    if (wanted === undefined || wanted === 'off') return finding.severity;
    const quiet = loudness[finding.severity] < loudness[rule.meta.severity];
    return quiet && loudness[wanted] > loudness[finding.severity] ? finding.severity : wanted;
  };
}
