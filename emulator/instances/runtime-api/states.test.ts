import { describe, expect, it } from 'vitest';
import { refusal, type RuntimeState, type RuntimeStep } from './states.js';

const allowed: Readonly<Record<RuntimeState, readonly RuntimeStep[]>> = {
  Started: ['Ready', 'InitError'],
  InitError: [],
  Ready: ['Ready'],
  Running: ['Ready', 'InvocationResponse', 'InvocationErrorResponse'],
  InvocationResponse: [],
  InvocationErrorResponse: [],
  RuntimeResponseSentState: ['Ready'],
};
const states = Object.keys(allowed) as RuntimeState[];
const steps: readonly RuntimeStep[] = ['Ready', 'InitError', 'InvocationResponse', 'InvocationErrorResponse'];

describe('refusal', () => {
  it.each(states)('from %s, only the steps of the service', (state) => {
    expect(steps.filter((step) => refusal(state, step) === undefined)).toEqual(
      steps.filter((step) => allowed[state].includes(step)),
    );
  });

  it('says it in the words of the service', () => {
    expect(refusal('RuntimeResponseSentState', 'InvocationResponse')).toBe(
      'State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. Error: State transition is not allowed',
    );
  });
});
