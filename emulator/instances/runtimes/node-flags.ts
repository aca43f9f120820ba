import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The flags that Lambda starts Node with, as far as they change what a handler can do. */

/** Features that Lambda switches off in the versions that it hosts, though Node has them on [D: lambda-nodejs.html]. */
const SWITCHED_OFF = [
  { feature: 'experimental-require-module', from: { 20: 17, 22: 0 } },
  { feature: 'experimental-detect-module', from: { 22: 7 } },
] as const satisfies readonly { feature: string; from: Readonly<Record<number, number>> }[];

/** Heap sizes in NODE_OPTIONS: either one keeps Lambda from setting any [S: the runtime's bootstrap]. */
const HEAP_SIZE = /--max[-_](old|semi)[-_]space[-_]size/;

/**
 * @param version of the Node that runs the handler, `22.14.0`; undefined when it could not be asked
 * @param memoryMb of the function
 * @param options NODE_OPTIONS of the function, which win over Lambda's flags
 */
export function nodeFlags(version: string | undefined, memoryMb: number, options = ''): readonly string[] {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const off = SWITCHED_OFF.filter(({ feature, from }) => {
    const since = (from as Readonly<Record<number, number>>)[major];
    return since !== undefined && minor >= since && !options.includes(`--${feature}`);
  });
  // 90 % of the memory for the old generation, so that garbage is collected before the limit is reached, not after.
  const heap = HEAP_SIZE.test(options) ? [] : [`--max-old-space-size=${Math.floor((memoryMb * 90) / 100)}`];
  return [...heap, ...off.map(({ feature }) => `--no-${feature}`)];
}

const versions = new Map<string, Promise<string | undefined>>();

/** @returns `22.14.0`; undefined when there is no such program, which its start will tell. Asked once each. */
export function versionOf(nodePath: string): Promise<string | undefined> {
  let version = versions.get(nodePath);
  if (version === undefined) versions.set(nodePath, (version = ask(nodePath)));
  return version;
}

async function ask(nodePath: string): Promise<string | undefined> {
  if (nodePath === process.execPath) return process.versions.node;
  try {
    const { stdout } = await promisify(execFile)(nodePath, ['--version'], { timeout: 5_000 });
    return /^v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
