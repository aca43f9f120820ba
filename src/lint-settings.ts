import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { CONFIG_FILES, lintSchema } from '../emulator/contract/config.js';
import { ignorer } from '../lint/ignore.js';
import { assertSettings } from '../lint/index.js';
import type { Preset, RuleSettings } from '../lint/index.js';

/** The section `lint:` of the configuration above a file, as the editor's linter needs it. */

export interface LintProfile {
  readonly preset: Preset;
  readonly rules: RuleSettings;
}

interface Section extends LintProfile {
  readonly ignores: (file: string) => boolean;
}

const plain: Section = { preset: 'recommended', rules: {}, ignores: () => false };
const known = new Map<string, { readonly mtimeMs: number; readonly section: Section }>();

/** @returns undefined for a file that is not to be linted */
export function profileFor(file: string): LintProfile | undefined {
  const section = sectionAbove(path.dirname(file));
  return section.ignores(file) ? undefined : { preset: section.preset, rules: section.rules };
}

function sectionAbove(folder: string): Section {
  for (const name of CONFIG_FILES) {
    const config = path.join(folder, name);
    const mtimeMs = statSync(config, { throwIfNoEntry: false })?.mtimeMs;
    if (mtimeMs === undefined) continue;
    const cached = known.get(config);
    if (cached?.mtimeMs === mtimeMs) return cached.section;
    const section = read(config);
    known.set(config, { mtimeMs, section });
    return section;
  }
  const above = path.dirname(folder);
  return above === folder ? plain : sectionAbove(above);
}

/** A section that is not right counts as none: the command line and the emulator say what is wrong with it, and where. */
function read(config: string): Section {
  try {
    const content = parse(readFileSync(config, 'utf8')) as { lint?: unknown } | null;
    const { preset, rules, ignore } = lintSchema.parse(content?.lint ?? {});
    assertSettings(rules as RuleSettings);
    return { preset, rules: rules as RuleSettings, ignores: ignorer(path.dirname(config), ignore) };
  } catch {
    return plain;
  }
}
