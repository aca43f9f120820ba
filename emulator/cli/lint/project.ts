import path from 'node:path';
import type { Surroundings } from '../../../lint/deployment.js';
import { readOnce } from '../../../lint/disk.js';
import { installedIn } from '../../../lint/installed.js';
import type { DeployedFunction } from '../../../lint/index.js';
import type { Preset, RuleSettings } from '../../../lint/settings.js';
import { FaultlineError } from '../../contract/errors.js';
import { configFolderOf, deployedFunctions } from '../deployed-functions.js';
import { presetNamed, ruleLevels, withLevels } from './options.js';
import type { LintOptions } from './options.js';

/** What the configuration says of the files to lint: how, and whose handlers are in them. */

/** How some files are linted. */
export interface Profile {
  readonly preset: Preset;
  readonly rules: RuleSettings;
}

export interface Project {
  /** The same object for files that are linted alike. */
  profileOf(file: string): Profile;
  ignores(file: string): boolean;
  surroundings(file: string): Surroundings;
  functionsOf(file: string): readonly DeployedFunction[];
  /** The configuration above a file. */
  configOf(file: string): string | undefined;
  /** Why a configuration tells nothing of its functions. */
  readonly notes: readonly string[];
}

interface Section {
  readonly profile: Profile;
  readonly file: string | undefined;
  ignores(file: string): boolean;
}

/**
 * Reads the configurations above the files and above `cwd`.
 * @throws FaultlineError USAGE or CONFIG_INVALID for a rule, an option or a level that does not exist
 */
export async function openProject(files: readonly string[], cwd: string, options: LintOptions): Promise<Project> {
  const levels = ruleLevels(options.rule ?? []);
  const preset = presetNamed(options.preset);
  const known = new Map<string, string | undefined>();
  const rootOf = (file: string): string | undefined => configFolderOf(file, known);
  const roots = new Set([path.join(cwd, 'any'), ...files].map(rootOf));
  const plain = await sectionOf(undefined, { preset, levels });
  const sections = new Map<string | undefined, Section>([[undefined, plain]]);
  for (const root of roots) if (root !== undefined) sections.set(root, await sectionOf(root, { preset, levels }));
  const profiles = new Map<string, Profile>();
  const sectionFor = (file: string): Section => sections.get(rootOf(file)) ?? plain;
  const notes: string[] = [];
  const functions = await deployedFunctions(files, (note) => notes.push(note));
  const disk = readOnce();
  return {
    profileOf(file) {
      const { profile } = sectionFor(file);
      const key = JSON.stringify(profile);
      const same = profiles.get(key) ?? profile;
      profiles.set(key, same);
      return same;
    },
    ignores: (file) => sectionFor(file).ignores(file),
    surroundings: (file) => ({ functions: functions(file), installed: installedIn(disk, file) }),
    functionsOf: functions,
    configOf: (file) => sectionFor(file).file,
    notes,
  };
}

interface Flags {
  readonly preset: Preset | undefined;
  readonly levels: ReturnType<typeof ruleLevels>;
}

async function sectionOf(root: string | undefined, flags: Flags): Promise<Section> {
  const { loadLintSection } = await import('../../config/lint.js');
  const section = root === undefined ? undefined : await loadLintSection(root);
  const own = (section?.settings.rules ?? {}) as RuleSettings;
  await check(own, (at, message) => section?.complaint(['rules', ...at], message, HINT));
  await check(flags.levels, (_, message) => new FaultlineError('USAGE', `--rule: ${message}`));
  const profile = {
    preset: flags.preset ?? section?.settings.preset ?? 'recommended',
    rules: withLevels(own, flags.levels),
  };
  return { profile, file: section?.file, ignores: await ignoring(root, section?.settings.ignore ?? []) };
}

const HINT = 'every rule and its options has a page in docs/rules/';

async function check(
  rules: RuleSettings,
  complaint: (at: readonly (string | number)[], message: string) => FaultlineError | undefined,
): Promise<void> {
  if (Object.keys(rules).length === 0) return;
  const { assertSettings, SettingsError } = await import('../../../lint/index.js');
  try {
    assertSettings(rules);
  } catch (error) {
    if (error instanceof SettingsError) throw complaint(error.at, error.message) ?? error;
    throw error;
  }
}

async function ignoring(root: string | undefined, globs: readonly string[]): Promise<(file: string) => boolean> {
  if (root === undefined || globs.length === 0) return () => false;
  const { ignorer } = await import('../../../lint/ignore.js');
  return ignorer(root, globs);
}
