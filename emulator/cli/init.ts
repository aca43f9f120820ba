import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CONFIG_FILES } from '../contract/config.js';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import { findHandlers } from './find-handlers.js';
import { configText, STARTER } from './starter.js';
import type { CliCommand, CliIo } from './types.js';

/** `faultline init`: a first faultline.yaml. It never overwrites anything. */
export const initCommand: CliCommand = {
  register(program, io, done) {
    program
      .command('init')
      .description('Write a faultline.yaml for the handlers in this folder')
      .action(async () => done(await init(io)));
  },
};

async function init(io: CliIo): Promise<number> {
  for (const name of CONFIG_FILES) {
    if (!(await exists(path.join(io.cwd, name)))) continue;
    throw new FaultlineError('USAGE', `there is a ${name} already`, {
      hint: 'edit it, or delete it first',
      place: { file: path.join(io.cwd, name) },
    });
  }
  let handlers = await findHandlers(io.cwd);
  if (handlers.length === 0) {
    await create(path.join(io.cwd, STARTER.file), STARTER.text);
    handlers = [STARTER.handler];
    io.stdout(`no handlers found; wrote ${STARTER.file} to begin with\n`);
  }
  await create(path.join(io.cwd, CONFIG_FILES[0]), configText(handlers));
  io.stdout(`wrote ${CONFIG_FILES[0]}: ${handlers.map(({ name }) => name).join(', ')}\n`);
  io.stdout('next: faultline start\n');
  return ExitCode.Ok;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `wx` makes the file system refuse what exists, also between the check and now. */
async function create(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EEXIST' ? 'it exists already' : error.message;
    throw new FaultlineError('USAGE', `cannot write ${file}: ${reason}`, { place: { file } });
  });
}
