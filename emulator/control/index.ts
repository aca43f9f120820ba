export { createControl } from './control.js';
export type { ControlOptions } from './control.js';
