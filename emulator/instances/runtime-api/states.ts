/**
 * What a runtime may do when: the states and steps of Lambda's own Runtime API server, under the names that its messages
 * have [S].
 *
 *   Started ──next──▶ Ready ──event──▶ Running ──response──▶ InvocationResponse ──end of body──┐
 *      │                ▲                 └────────error────▶ InvocationErrorResponse ─────────┤
 *  init error           └───────next─────────────── RuntimeResponseSentState ◀────────────────┘
 *      ▼
 *   InitError
 */
export type RuntimeState =
  | 'Started'
  | 'InitError'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'InvocationErrorResponse'
  | 'RuntimeResponseSentState';

/** A step that the runtime takes by a request; the others (an event, the end of a body) are the host's. */
export type RuntimeStep = 'Ready' | 'InitError' | 'InvocationResponse' | 'InvocationErrorResponse';

const ALLOWED: Readonly<Record<RuntimeState, readonly RuntimeStep[]>> = {
  Started: ['Ready', 'InitError'],
  InitError: [],
  // Further long polls, side by side with the first.
  Ready: ['Ready'],
  // A runtime that asks again before it has answered gets the same event again.
  Running: ['Ready', 'InvocationResponse', 'InvocationErrorResponse'],
  InvocationResponse: [],
  InvocationErrorResponse: [],
  RuntimeResponseSentState: ['Ready'],
};

/** @returns the message of a 403 InvalidStateTransition; undefined when the step may be taken */
export function refusal(state: RuntimeState, step: RuntimeStep): string | undefined {
  if (ALLOWED[state].includes(step)) return undefined;
  return `State transition from ${state} to ${step} failed for runtime. Error: State transition is not allowed`;
}
