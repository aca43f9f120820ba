export { createTelemetry } from './telemetry.js';
export type { TelemetryOptions } from './telemetry.js';
