export { createControl } from './control.js';
export type { ControlOptions } from './types.js';
