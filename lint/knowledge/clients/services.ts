import type { ClientDefaults, ClientFact } from './types.js';

/** Clients of services, mail and files, in JavaScript and TypeScript. */

function total(ms: number, attempts: number, source: string, note?: string): readonly ClientDefaults[] {
  const more = note === undefined ? {} : { note };
  return [{ versions: '*', connectMs: null, requestMs: ms, totalMs: ms, attempts, source, ...more }];
}

const openaiSource = 'https://github.com/openai/openai-node#timeouts';
const stripeSource = 'https://github.com/stripe/stripe-node#configuration';

export const services: readonly ClientFact[] = [
  {
    client: 'openai',
    label: 'OpenAI client',
    language: 'javascript',
    packages: ['openai'],
    callee: /^openai(\.(OpenAI|AzureOpenAI))?$/,
    options: 0,
    bounds: [['timeout']],
    defaults: total(600_000, 3, openaiSource),
    byDefault: 'a request may take 600 s and is retried twice',
    write: '`timeout: ms`',
    source: openaiSource,
    quiet: true,
    insert: 'timeout: {ms}',
  },
  {
    client: 'anthropic',
    label: 'Anthropic client',
    language: 'javascript',
    packages: ['@anthropic-ai/sdk'],
    callee: /^@anthropic-ai\/sdk(\.Anthropic)?$/,
    options: 0,
    bounds: [['timeout']],
    defaults: total(600_000, 3, 'https://github.com/anthropics/anthropic-sdk-typescript#timeouts'),
    byDefault: 'a request may take 600 s and is retried twice',
    write: '`timeout: ms`',
    source: 'https://github.com/anthropics/anthropic-sdk-typescript#timeouts',
    quiet: true,
    insert: 'timeout: {ms}',
  },
  {
    client: 'stripe',
    language: 'javascript',
    packages: ['stripe'],
    callee: /^stripe(\.Stripe)?$/,
    options: 1,
    bounds: [['timeout']],
    defaults: total(80_000, 3, stripeSource, 'before version 13: one attempt'),
    byDefault: 'a request may take 80 s and is tried again',
    write: '`timeout: ms`',
    source: stripeSource,
    quiet: true,
    insert: 'timeout: {ms}',
  },
  {
    client: 'twilio',
    language: 'javascript',
    packages: ['twilio'],
    callee: /^twilio(\.Twilio)?$/,
    options: 2,
    bounds: [['timeout']],
    defaults: total(30_000, 1, 'https://github.com/twilio/twilio-node/blob/main/src/base/RequestClient.ts'),
    byDefault: 'a request may take 30 s',
    write: '`timeout: ms`',
    source: 'https://github.com/twilio/twilio-node/blob/main/src/base/RequestClient.ts',
  },
  {
    client: 'slack',
    label: 'Slack client',
    language: 'javascript',
    packages: ['@slack/web-api', '@slack/webhook'],
    callee: /^@slack\/(web-api\.WebClient|webhook\.IncomingWebhook)$/,
    options: 1,
    bounds: [['timeout']],
    defaults: [
      {
        versions: '*',
        connectMs: null,
        requestMs: null,
        attempts: 11,
        source: 'https://docs.slack.dev/tools/node-slack-sdk/web-api/#web-client-options',
        note: 'ten retries in about thirty minutes',
      },
    ],
    byDefault: 'a request waits for ever (`timeout: 0`)',
    write: '`timeout: ms`',
    source: 'https://docs.slack.dev/tools/node-slack-sdk/web-api/#web-client-options',
    insert: 'timeout: {ms}',
  },
  {
    client: 'nodemailer',
    language: 'javascript',
    packages: ['nodemailer'],
    callee: /^nodemailer\.createTransport$/,
    options: 0,
    bounds: [
      ['socketTimeout', 'connectionTimeout', 'greetingTimeout', 'SES', 'sendmail', 'jsonTransport', 'streamTransport'],
    ],
    defaults: [
      {
        versions: '*',
        connectMs: 120_000,
        requestMs: 600_000,
        attempts: 1,
        source: 'https://nodemailer.com/smtp/',
      },
    ],
    byDefault: 'it is given 120 s to connect and 600 s of silence',
    write: '`connectionTimeout: ms` and `socketTimeout: ms`',
    source: 'https://nodemailer.com/smtp/',
    quiet: true,
    insert: 'connectionTimeout: {ms}, socketTimeout: {ms}',
  },
  {
    client: 'google-cloud',
    label: 'Google Cloud client',
    language: 'javascript',
    packages: [],
    callee: /^(@google-cloud\/[\w-]+|googleapis)\.[A-Za-z]\w*$/,
    bounds: [],
    defaults: total(
      60_000,
      1,
      'https://github.com/googleapis/gax-nodejs',
      'each method has a limit and retries of its own',
    ),
    byDefault: 'each method has a limit of its own',
    write: '`timeout` in the options of the call',
    source: 'https://github.com/googleapis/gax-nodejs',
  },
];
