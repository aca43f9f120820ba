import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { t } from './text.js';

/** Which Node the emulator runs on, and the command that starts it. */

export type EmulatorProcess = ChildProcessByStdio<null, Readable, Readable>;

export interface LaunchOptions {
  /** `dist/cli.js` of the extension. */
  readonly cli: string;
  /** Folder of the config. */
  readonly root: string;
  readonly port: number;
  readonly controlPort: number;
  readonly watch: boolean;
  /** From the settings; empty when not set. */
  readonly nodePath: string;
  readonly pythonPath: string;
}

export interface NodeChoice {
  readonly path: string;
  /** True when it is the editor's own executable, which must be told to be Node. */
  readonly electron: boolean;
}

/** Oldest Node that the emulator runs on, as package.json says. */
const OLDEST = [20, 19] as const;

export function newEnough(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version.trim());
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function versionOf(file: string): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(file, ['--version'], { timeout: 5_000 }, (error, stdout) => done(error ? undefined : stdout));
  });
}

/**
 * The setting, else Node from PATH when it is new enough, else the editor's own.
 * @throws Error when the setting names something that is not a Node that is new enough
 */
export async function chooseNode(
  setting: string,
  env: NodeJS.ProcessEnv,
  version: (file: string) => Promise<string | undefined> = versionOf,
): Promise<NodeChoice> {
  const needed = OLDEST.join('.');
  if (setting !== '') {
    const found = await version(setting);
    if (found === undefined) throw new Error(t('{0} (setting faultline.nodePath) cannot be run.', setting));
    if (!newEnough(found))
      throw new Error(t('{0} (setting faultline.nodePath) is Node {1}; {2} is needed.', setting, found.trim(), needed));
    return { path: setting, electron: false };
  }
  const file = onPath(env);
  if (file !== undefined && newEnough((await version(file)) ?? '')) return { path: file, electron: false };
  return { path: process.execPath, electron: process.versions['electron'] !== undefined };
}

/** The editor's own variables would reach the handlers, and could turn a plain Node into the editor's. */
function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !/^(VSCODE_|ELECTRON_)/.test(key)));
}

export function launchArguments(options: LaunchOptions): string[] {
  const ports = ['--port', String(options.port), '--control-port', String(options.controlPort)];
  return [options.cli, 'start', options.root, '--json', ...ports, ...(options.watch ? [] : ['--no-watch'])];
}

/** Starts the emulator. @throws Error when there is no Node to run it on */
export async function launchEmulator(options: LaunchOptions): Promise<EmulatorProcess> {
  const node = await chooseNode(options.nodePath, process.env);
  const env = {
    ...cleanEnvironment(process.env),
    ...(node.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    ...(options.nodePath === '' ? {} : { FAULTLINE_NODE: options.nodePath }),
    ...(options.pythonPath === '' ? {} : { FAULTLINE_PYTHON: options.pythonPath }),
  };
  return spawn(node.path, launchArguments(options), {
    cwd: options.root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
}
