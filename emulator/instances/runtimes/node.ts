import path from 'node:path';
import { ChannelLink } from '../channel.js';
import { bundle, locateError, needsBundle, scanInputs } from '../bundler.js';
import type { Build, BuildContext, Connect, RuntimeKind } from './types.js';

const connect: Connect = (options, events) => new ChannelLink(options, events);

/**
 * V8's limits as Lambda's own runtime sets them: 90 % of the memory for the old generation, so that garbage is collected
 * before the limit is reached, not after.
 */
function memoryFlags(memoryMb: number): readonly string[] {
  return [`--max-old-space-size=${Math.floor((memoryMb * 90) / 100)}`];
}

function launch(context: BuildContext, file: string, flags: readonly string[]): Build['launch'] {
  const { function: fn, nodePath, runtimesDir } = context;
  const bootstrap = path.join(runtimesDir, 'node-bootstrap.cjs');
  return { command: nodePath, args: [...memoryFlags(fn.memoryMb), ...flags, bootstrap, file, fn.export] };
}

/** JavaScript runs where it is; TypeScript is bundled, so that it starts as fast and runs like the deployed artefact. */
export const node: RuntimeKind = {
  title: 'Node.js',

  async build(context) {
    const { file } = context.function;
    if (!needsBundle(file)) {
      return { launch: launch(context, file, []), connect, inPlace: true, dispose: () => Promise.resolve() };
    }
    const { outfile, inputs, dispose } = await bundle(context);
    return { launch: launch(context, outfile, ['--enable-source-maps']), connect, inPlace: false, inputs, dispose };
  },

  scan: scanInputs,
  locate: locateError,
};
