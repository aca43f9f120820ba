import path from 'node:path';
import { ChannelLink } from '../channel.js';
import { bundle, locateError, needsBundle, scanInputs } from '../bundler.js';
import { forgetRebuilder } from '../rebuilder.js';
import { nodeFlags, versionOf } from './node-flags.js';
import type { Build, BuildContext, Connect, RuntimeKind } from './types.js';

const connect: Connect = (options, events) => new ChannelLink(options, events);

async function launch(context: BuildContext, file: string, exported: string, flags: readonly string[]) {
  const { function: fn, nodePath, runtimesDir } = context;
  const lambda = nodeFlags(await versionOf(nodePath), fn.memoryMb, fn.environment['NODE_OPTIONS']);
  const bootstrap = path.join(runtimesDir, 'node-bootstrap.cjs');
  return { command: nodePath, args: [...lambda, ...flags, bootstrap, file, exported] } satisfies Build['launch'];
}

/** JavaScript runs where it is; TypeScript is bundled, so that it starts as fast and runs like the deployed artefact. */
export const node: RuntimeKind = {
  debugger: 'inspector',

  reads(handler, file, scanned) {
    // A bundle has all its inputs; code that runs in place may read its neighbours in ways that no scan sees.
    if (needsBundle(handler)) return !scanned && /\.([cm]?[jt]sx?|json)$/.test(file);
    return /\.([cm]?js|json)$/.test(file) && (!scanned || file.startsWith(path.dirname(handler) + path.sep));
  },

  async build(context) {
    const { file, export: exported } = context.function;
    if (!needsBundle(file)) {
      const started = await launch(context, file, exported, []);
      return { launch: started, connect, inPlace: true, dispose: () => Promise.resolve() };
    }
    const { outfile, inputs, commonJs, dispose } = await bundle(context);
    const name = commonJs ? `default.${exported}` : exported;
    const started = await launch(context, outfile, name, ['--enable-source-maps']);
    return { launch: started, connect, inPlace: false, inputs, dispose };
  },

  close: ({ buildDir }) => forgetRebuilder(buildDir),
  scan: scanInputs,
  locate: locateError,
};
