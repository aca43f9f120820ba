import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Which Node and Python the handlers run on: the user's own, never the editor's when there is another. */

function onPath(names: readonly string[], searchPath: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of searchPath.split(path.delimiter).filter(Boolean))
    for (const name of names)
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        try {
          accessSync(file, constants.X_OK);
          return file;
        } catch {
          // Not here; the next folder may have it.
        }
      }
  return undefined;
}

/** `FAULTLINE_NODE`, else this very Node, else (inside the editor's Electron) the one on PATH. */
export function findNode(env: NodeJS.ProcessEnv): string {
  if (env['FAULTLINE_NODE']) return env['FAULTLINE_NODE'];
  if (process.versions['electron'] === undefined) return process.execPath;
  return onPath(['node'], env['PATH'] ?? '') ?? process.execPath;
}

/** `FAULTLINE_PYTHON`, else the workspace's virtual environment, else the one on PATH. */
export function findPython(root: string, env: NodeJS.ProcessEnv): string {
  if (env['FAULTLINE_PYTHON']) return env['FAULTLINE_PYTHON'];
  const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
  const venvs = [env['VIRTUAL_ENV'], path.join(root, '.venv'), path.join(root, 'venv')];
  const folders = venvs.filter((folder) => folder !== undefined).map((folder) => path.join(folder, bin));
  const search = [...folders, env['PATH'] ?? ''].join(path.delimiter);
  return onPath(['python3', 'python'], search) ?? 'python3';
}
