import { createClient } from '../client.js';
import type { ControlClient } from '../client.js';
import { FaultlineError } from '../contract/errors.js';
import { findEmulator } from '../state-file.js';

/**
 * A client of the emulator that runs for this folder.
 * @throws FaultlineError NOT_RUNNING
 */
export async function connect(cwd: string): Promise<ControlClient> {
  const found = await findEmulator(cwd);
  if (found) return createClient({ url: found.state.control, token: found.state.token });
  throw new FaultlineError('NOT_RUNNING', `no emulator runs for ${cwd}`, {
    hint: 'start one with `faultline start`, or run this command in the folder it was started for',
  });
}
