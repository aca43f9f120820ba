import type { Fault } from '../emulator/contract/faults.js';

/** Whether a fault hits invocations of a function while it is on: `*` in its pattern is any part of a name. */
export function appliesTo(fault: Pick<Fault, 'function'>, functionName: string): boolean {
  if (fault.function === undefined) return true;
  const parts = fault.function.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(functionName);
}

export const faultsFor = (faults: readonly Fault[], functionName: string): Fault[] =>
  faults.filter((fault) => appliesTo(fault, functionName));

export const faultsOn = (faults: readonly Fault[], functionName: string): Fault[] =>
  faultsFor(faults, functionName).filter(({ enabled }) => enabled);
