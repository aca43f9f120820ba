import { readFile } from 'node:fs/promises';
import { decodeSource } from '../../../lint/decode.js';
import type { Encoding } from '../../../lint/decode.js';
import { diskFiles } from '../../../lint/disk.js';
import { reason } from '../../../lint/files.js';
import { madeByTool } from '../../../lint/generated.js';
import { createLinter } from '../../../lint/index.js';
import { languageOf } from '../../../lint/language.js';
import type { FaultlineLinter, PythonWasm, Surroundings } from '../../../lint/index.js';
import type { Language } from '../../contract/findings.js';
import type { Profile } from './project.js';
import type { FileResult, Lookups } from './result.js';

/** Lints files from the disk, in this thread. Loads the parsers with the first file of their language. */

export interface FileLinter {
  /** Never throws: what cannot be read says so in its result. */
  lint(file: string): Promise<FileResult>;
  lintText(file: string, text: string): Promise<FileResult>;
  /** A file was written. */
  forget(file: string): void;
  lookups(): Lookups;
}

export interface FileLinterOptions {
  readonly profileOf: (file: string) => Profile;
  readonly surroundings: (file: string) => Surroundings;
  readonly pythonWasm: PythonWasm | undefined;
}

export function createFileLinter(options: FileLinterOptions): FileLinter {
  const disk = diskFiles();
  const absent = new Set<string>();
  const settings = new Set<string>();
  const files = {
    isFile(path: string): boolean {
      const is = disk.isFile(path);
      if (!is) absent.add(path);
      return is;
    },
    read(path: string): string | undefined {
      if (path.endsWith('.json') && disk.isFile(path)) settings.add(path);
      return disk.read(path);
    },
  };
  let versions: Record<string, string | null> = {};
  const surroundings = (file: string): Surroundings => {
    const around = options.surroundings(file);
    return {
      ...around,
      installed(name) {
        const version = around.installed(name);
        versions[name] = version ?? null;
        return version;
      },
    };
  };
  const linters = new Map<string, Promise<FaultlineLinter>>();
  const linterFor = (profile: Profile, language: Language): Promise<FaultlineLinter> => {
    const languages: Language[] = language === 'python' ? ['python'] : ['javascript', 'typescript'];
    const key = JSON.stringify([languages, profile]);
    const wasm = options.pythonWasm === undefined ? {} : { pythonWasm: options.pythonWasm };
    const linter = linters.get(key) ?? createLinter({ ...profile, ...wasm, files, surroundings, languages });
    linters.set(key, linter);
    return linter;
  };
  const lintText = async (file: string, text: string): Promise<FileResult> => {
    const language = languageOf(file);
    if (language === undefined) return nothing;
    const linter = await linterFor(options.profileOf(file), language);
    versions = {};
    const findings = linter.lintText(text, { file, language });
    return { findings, dependencies: linter.dependencies(file), versions };
  };
  return {
    lintText,
    async lint(file) {
      const source = await readSource(file);
      if ('problem' in source) return { ...nothing, problem: source.problem };
      const left = madeByTool(source.text);
      return left === undefined ? lintText(file, source.text) : { ...nothing, left };
    },
    forget(file) {
      disk.forget(file);
      for (const linter of linters.values()) void linter.then((each) => each.forget(file));
    },
    lookups: () => ({ absent: [...absent], settings: [...settings] }),
  };
}

const nothing: FileResult = { findings: [], dependencies: [], versions: {} };

export type Source = { readonly text: string; readonly encoding: Encoding } | { readonly problem: string };

export async function readSource(file: string): Promise<Source> {
  try {
    return decodeSource(await readFile(file));
  } catch (error) {
    return { problem: reason(error) };
  }
}
