import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './ineffective-timeout/javascript.js';
import { python } from './ineffective-timeout/python.js';

const consequence = 'When the other side hangs, the invocation hangs with it until the function timeout kills it.';

/** Limits that are set, and do nothing. */
export const ineffectiveTimeout: Rule = {
  meta: {
    id: 'ineffective-timeout',
    title: 'Timeout that does nothing',
    summary: 'A time limit is set, and has no effect',
    group: 'timeouts',
    severity: 'error',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/ineffective-timeout.md`,
  },
  messages: {
    awsWarnsOnly: {
      text: `\`requestTimeout\` alone only logs a warning: the request goes on waiting. ${consequence} Add \`throwOnRequestTimeout: true\`.`,
    },
    noListener: {
      text: `\`timeout\` on {{client}} only emits 'timeout', and nobody here ends the request then. ${consequence} Add \`req.on('timeout', () => req.destroy(new Error('timeout')))\`, or use \`signal: AbortSignal.timeout(ms)\`.`,
    },
    idleListener: {
      text: `The 'timeout' listener of {{client}} only logs: the request goes on waiting. ${consequence} Destroy it there: \`req.destroy(new Error('timeout'))\`.`,
    },
    ignoredOption: {
      text: `{{client}} has no option \`timeout\` and ignores it. ${consequence} Set \`signal: AbortSignal.timeout(ms)\`.`,
    },
    zero: {
      text: `\`{{option}}\` switches the limit of {{client}} off. ${consequence} Give it milliseconds below the function timeout.`,
    },
    gotNumber: {
      text: 'From version 12 on, {{client}} takes no number as `timeout`: the call throws before it asks anybody. Write `timeout: { request: ms }`.',
    },
    mongoTimeout: {
      text: `\`timeoutMS\` has no effect in this version of the driver. ${consequence} Set \`socketTimeoutMS\` and \`serverSelectionTimeoutMS\`.`,
    },
    neverAborted: {
      text: `Nothing aborts the controller whose signal {{client}} is given. ${consequence} Use \`signal: AbortSignal.timeout(ms)\`.`,
    },
    neverRejects: {
      text: `The promise that {{client}} races with is never settled, so the race waits for the call alone. ${consequence} Reject it in the timer.`,
    },
    none: {
      text: `\`{{option}}={{value}}\` switches the limit of {{client}} off. ${consequence} Give it a limit below the function timeout.`,
    },
    noneForReading: {
      text: `{{client}} gives up connecting in time, but waits for ever for the answer. ${consequence} Give both parts of \`timeout\` seconds.`,
    },
    ignoredAttribute: {
      text: `requests never reads \`timeout\` of a session: its calls have no limit. ${consequence} Give each call \`timeout=seconds\`, or mount an adapter that does.`,
    },
  },
  javascript,
  python,
};
