import type { Level, Preset, RuleSettings } from '../../../lint/settings.js';
import { LINT_LEVELS } from '../../contract/config.js';
import { FaultlineError } from '../../contract/errors.js';
import { nearest } from '../../contract/nearest.js';

/** What is typed after `faultline lint`, checked. */

/** As commander gives it. */
export interface LintOptions {
  readonly format?: string;
  readonly fix?: boolean;
  readonly maxFindings?: string;
  readonly preset?: string;
  readonly rule?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly since?: string;
  readonly cache?: boolean;
  /** true: every finding that has an experiment; else the one with this fingerprint. */
  readonly prove?: string | boolean;
}

export const presets = ['recommended', 'strict'] as const satisfies readonly Preset[];

/** @throws FaultlineError USAGE */
export function findingsAllowed(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FaultlineError('USAGE', `--max-findings takes a whole number from 0, not "${text}".`);
}

/** @throws FaultlineError USAGE */
export function presetNamed(name: string | undefined): Preset | undefined {
  if (name === undefined) return undefined;
  const found = presets.find((each) => each === name);
  if (found !== undefined) return found;
  throw new FaultlineError('USAGE', `There is no preset "${name}".`, { hint: `Presets are ${presets.join(', ')}.` });
}

/**
 * `missing-timeout=error`, any number of them.
 * @throws FaultlineError USAGE
 */
export function ruleLevels(words: readonly string[]): Record<string, Level> {
  return Object.fromEntries(words.map(ruleLevel));
}

function ruleLevel(word: string): [string, Level] {
  const [, id, written] = /^(?:faultline\/)?([^=]+)=(.*)$/.exec(word) ?? [];
  const level = LINT_LEVELS.find((each) => each === written);
  if (id !== undefined && level !== undefined) return [id.trim(), level];
  const near = written === undefined ? undefined : nearest(written, LINT_LEVELS);
  const advice = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new FaultlineError('USAGE', `--rule takes RULE=LEVEL, not "${word}".${advice}`, {
    hint: `Levels are ${LINT_LEVELS.join(', ')}; for example --rule missing-timeout=error`,
  });
}

/** The levels of the command line over the settings of the configuration, whose options stay. */
export function withLevels(settings: RuleSettings, levels: Readonly<Record<string, Level>>): RuleSettings {
  const merged: Record<string, RuleSettings[string]> = { ...settings };
  for (const [id, level] of Object.entries(levels)) {
    const before = settings[id];
    merged[id] = before === undefined || typeof before === 'string' ? level : [level, before[1]];
  }
  return merged;
}
