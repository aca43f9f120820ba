import type { FaultSpec } from '../contract/faults.js';

/** Which of the invocations that match: by their order, of each function by itself. */

type PickSpec = Pick<FaultSpec, 'nth' | 'first' | 'every' | 'sequence'>;

/** @returns whether the `ordinal`th (from 1) is picked; undefined when all are */
export function pickOf({ nth, first, every, sequence }: PickSpec): ((ordinal: number) => boolean) | undefined {
  if (nth !== undefined) return (ordinal) => ordinal === nth;
  if (first !== undefined) return (ordinal) => ordinal <= first;
  if (every !== undefined) return (ordinal) => ordinal % every === 0;
  if (sequence !== undefined) return (ordinal) => sequence[ordinal - 1] === 'hit';
  return undefined;
}

/** In words, for views. */
export function pickText({ nth, first, every, sequence }: PickSpec): string[] {
  return [
    ...(nth === undefined ? [] : [`only number ${String(nth)}`]),
    ...(first === undefined ? [] : [`first ${String(first)}`]),
    ...(every === undefined ? [] : [`every ${String(every)}.`]),
    ...(sequence === undefined ? [] : [sequence.join(' ')]),
  ];
}
