import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultlineError } from '../contract/errors.js';

/** Events, or bodies, that a load takes from files. */

/**
 * Everything in the files, in their order: of `.jsonl` each line, of any other file its JSON.
 * @param names relative to the experiment's file
 * @throws FaultlineError EXPERIMENT_INVALID for a file that is not there or is not JSON, with its line
 */
export async function readEvents(names: readonly string[], experiment: string): Promise<readonly unknown[]> {
  const all = await Promise.all(names.map((name, i) => readOne(name, experiment, `load.events[${i}]`)));
  return all.flat();
}

async function readOne(name: string, experiment: string, key: string): Promise<unknown[]> {
  const file = path.resolve(path.dirname(experiment), name);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw wrong(`${key}: ${name} cannot be read: ${error.message}`, { file: experiment, key });
  });
  if (!/\.(jsonl|ndjson)$/i.test(name)) return [parsed(text, name, file)];
  const events = text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parsed(line, name, file, number));
  if (events.length === 0) throw wrong(`${key}: ${name} has no events in it`, { file: experiment, key });
  return events;
}

function parsed(text: string, name: string, file: string, line?: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong(`${name} is not JSON: ${(error as Error).message}`, { file, ...(line === undefined ? {} : { line }) });
  }
}

function wrong(message: string, place: NonNullable<FaultlineError['place']>): FaultlineError {
  return new FaultlineError('EXPERIMENT_INVALID', message, {
    hint: 'Give .json files with an event each, or .jsonl files with one on each line.',
    place,
  });
}
