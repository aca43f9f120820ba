import type { LogEvent } from '../../emulator/contract/control.js';
import type { Feature } from '../services.js';

/** What handlers print, with the time and the function before each line. */

export function logLine({ at, function: name, instance, text }: LogEvent): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${time} [${name} ${instance}] ${text.trimEnd()}`;
}

export const handlerLog: Feature = {
  register(services) {
    const { session, handlerLog: channel } = services;
    services.own({ dispose: session.on('handlerLog', (event) => channel.appendLine(logLine(event))) });
  },
};
