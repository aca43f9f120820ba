import { appliesTo } from '../emulator/contract/webview.js';
import type { Fault } from '../emulator/contract/faults.js';

/** The faults that concern one function. */

export const faultsFor = (faults: readonly Fault[], functionName: string): Fault[] =>
  faults.filter((fault) => appliesTo(fault, functionName));

export const faultsOn = (faults: readonly Fault[], functionName: string): Fault[] =>
  faultsFor(faults, functionName).filter(({ enabled }) => enabled);
