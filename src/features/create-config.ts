import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { views } from '../contributions.js';
import { readFailure } from '../failure.js';
import { chooseNode } from '../launch.js';
import { setting, type CommandHandlers, type Services } from '../services.js';
import { t } from '../text.js';
import { pickFolder } from '../workspace.js';

/** `faultline init`: writes a faultline.yaml from the handlers it finds, and shows it. */

function run(file: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(file, args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      done(error ? readFailure(stderr || stdout || error.message, error.code ?? null).message : undefined);
    });
  });
}

async function init(services: Services, cwd: string): Promise<string | undefined> {
  try {
    const node = await chooseNode(setting('nodePath'), process.env);
    const env = { ...process.env, ...(node.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
    return await run(node.path, [services.context.asAbsolutePath('dist/cli.js'), 'init'], cwd, env);
  } catch (error) {
    return (error as Error).message;
  }
}

export function createConfigCommands(services: Services): Pick<CommandHandlers, 'createConfig'> {
  return {
    createConfig: async () => {
      if (!vscode.workspace.isTrusted) return;
      const folder = await pickFolder();
      if (folder === undefined) return;
      const location = { viewId: views.functions };
      const problem = await vscode.window.withProgress({ location }, () => init(services, folder.uri.fsPath));
      await services.configs.current();
      await services.configs.refresh();
      if (problem !== undefined) void vscode.window.showErrorMessage(t('No configuration was created: {0}', problem));
      else if (services.configs.known) await vscode.window.showTextDocument(services.configs.known);
    },
  };
}
