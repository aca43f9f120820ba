import { SqsError } from './errors.js';
import type { Input } from './input.js';

/** [D, R] */
const MAX_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

export interface BatchResult {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

/** What became of one entry: members of its answer, or why it was refused. */
export type EntryResult = object | SqsError;

/**
 * The entries of a batch. What is wrong with the batch as a whole refuses all of it.
 * @param kind as the service calls an entry, for messages
 * @throws SqsError EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct
 */
export function batchEntries(input: Input, kind: string): readonly Input[] {
  const entries = input.objects('Entries');
  if (entries.length === 0)
    throw new SqsError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${String(MAX_ENTRIES)}. You have sent ${String(entries.length)}.`,
    );
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = entry.optionalText('Id') ?? '';
    if (!ENTRY_ID.test(id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** Runs each entry on its own; one that is refused does not keep the others from being done. */
export async function eachEntry(
  entries: readonly Input[],
  run: (entry: Input) => Promise<object>,
): Promise<BatchResult> {
  return batchResult(entries, await Promise.all(entries.map((entry) => run(entry).catch(asRefusal))));
}

/** @returns what `run` returns, or the error of the API that it throws */
export function attempt<T>(run: () => T): T | SqsError {
  try {
    return run();
  } catch (error) {
    return asRefusal(error);
  }
}

/** @throws what is not an error of the API: then the whole request has failed */
function asRefusal(error: unknown): SqsError {
  if (error instanceof SqsError) return error;
  throw error;
}

/** @param results in the order of the entries */
export function batchResult(entries: readonly Input[], results: readonly EntryResult[]): BatchResult {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const [at, entry] of entries.entries()) {
    const Id = entry.text('Id');
    const result = results[at];
    if (result instanceof SqsError) {
      Failed.push({ Id, Code: result.code, Message: result.message, SenderFault: result.fault === 'Sender' });
    } else Successful.push({ Id, ...result });
  }
  return { Successful, Failed };
}
