import { DOCS_URL } from '../contract/docs.js';
import type { FoundHandler } from './find-handlers.js';

/** What `init` writes where there is nothing yet. */
export const STARTER = {
  file: 'hello.mjs',
  handler: { name: 'hello', handler: 'hello.handler' },
  text: `export const handler = async (event) => {
  const name = event.queryStringParameters?.name ?? 'world';
  return { statusCode: 200, body: JSON.stringify({ message: \`Hello, \${name}!\` }) };
};
`,
} as const satisfies { file: string; handler: FoundHandler; text: string };

/** A faultline.yaml with every handler, and what else can be said about the first as comments. */
export function configText(handlers: readonly FoundHandler[]): string {
  return [
    '# Functions that Faultline serves. The editor completes every key; this page explains them:',
    `# ${DOCS_URL}/config.md`,
    'functions:',
    ...handlers.flatMap((handler, i) => functionLines(handler, i === 0)),
    '',
    '# Environment variables of every function. ${gateway} becomes the URL of the gateway.',
    '# environment:',
    '#   STAGE: local',
    '',
  ].join('\n');
}

function functionLines({ name, handler }: FoundHandler, isFirst: boolean): string[] {
  const lines = [`  ${scalar(name)}:`, `    handler: ${scalar(handler)}`, `    events: [{ http: ANY /${name} }]`];
  if (!isFirst) return lines;
  return [
    ...lines,
    '    # timeout: 3                     # seconds',
    '    # memory: 128                    # MB',
    '    # environment: { TABLE: items }',
    '    # scaling: { min: 0, max: 10, idle: 60s }',
    '    # balancing: p2c                 # or round-robin',
  ];
}

/** Quoted where YAML would read a plain text as something else: a number, a list, `on`. */
function scalar(text: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
