import { performance } from 'node:perf_hooks';

/** @typedef {{ name: string, ok: boolean, seconds: number, detail: string }} StepResult */

/** A step that found something wrong and has said what: its message is shown as it is, without a stack. */
export class StepError extends Error {}

/**
 * Runs one step, prints one line for it, and never throws.
 * @param {string} name
 * @param {() => unknown} work may return a short text that is shown behind the name
 * @returns {Promise<StepResult>}
 */
export async function step(name, work) {
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1000;
  try {
    const detail = await work();
    const result = { name, ok: true, seconds: seconds(), detail: typeof detail === 'string' ? detail : '' };
    console.log(line(result));
    return result;
  } catch (error) {
    const detail = error instanceof StepError ? error.message : String(error instanceof Error ? error.stack : error);
    const result = { name, ok: false, seconds: seconds(), detail };
    console.log(line({ ...result, detail: '' }));
    console.log(detail.replace(/^/gm, '    '));
    return result;
  }
}

/** @param {StepResult} result */
function line({ name, ok, seconds, detail }) {
  const head = `${ok ? '✓' : '✗'} ${name}`.padEnd(34);
  return `${head} ${seconds.toFixed(1).padStart(6)} s${detail === '' ? '' : `  ${detail}`}`;
}
