/** The library: `import { startEmulator } from 'faultline'`. */
export { startEmulator } from './emulator.js';
export { FaultlineError, ExitCode } from './contract/errors.js';
export type { ErrorCode, ErrorPlace } from './contract/errors.js';
export type { Emulator, EmulatorFaults, InvokeResult, StartEmulator, StartOptions } from './contract/library.js';
export type { Fault, FaultDecision, FaultHit, FaultSpec } from './contract/faults.js';
export type { ErrorKind, InvocationDetail, InvocationRecord, Operation } from './contract/records.js';
export type { FunctionSnapshot, InstanceSnapshot, Problem, Snapshot } from './contract/snapshot.js';
