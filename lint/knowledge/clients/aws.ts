import type { ClientFact } from './types.js';

/** Clients of AWS, in JavaScript and TypeScript. */
export const aws: readonly ClientFact[] = [
  {
    client: 'aws-sdk',
    label: 'AWS SDK v3 client',
    language: 'javascript',
    packages: [],
    callee: /^@aws-sdk\/client-[\w-]+\.(?!\w*(Command|Exception|Paginator|Handler|Serializer)$)[A-Z]\w*$/,
    options: 0,
    bounds: [['requestHandler']],
    defaults: [
      {
        versions: '*',
        connectMs: null,
        requestMs: null,
        attempts: 3,
        source: 'https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md',
        note: '`defaultsMode` does not change that',
      },
    ],
    byDefault: 'a request may wait for ever (`defaultsMode` does not change that)',
    write: '`requestHandler: { connectionTimeout: ms, requestTimeout: ms, throwOnRequestTimeout: true }`',
    source: 'https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md',
    quiet: true,
    rule: 'aws-client-default',
    special: 'aws-v3',
    insert: 'requestHandler: { requestTimeout: {ms}, throwOnRequestTimeout: true }',
  },
  {
    client: 'aws-sdk',
    label: 'AWS SDK v2 client',
    language: 'javascript',
    packages: ['aws-sdk'],
    callee:
      /^aws-sdk(\/clients\/(all\.)?\w+|\/global)?(?!\.(Config|Endpoint|Http\w*|Node\w*|Request|Service|Signers|Token\w*|\w*Credentials|\w*CredentialProvider\w*|CredentialProviderChain|XML|JSON|Response|MetadataService|DynamoDB\.Converter|CloudFront\.Signer|Polly\.Presigner|RDS\.Signer|DynamoDB\.Types)\b)(\.[A-Z]\w*)*$/,
    options: 0,
    bounds: [['httpOptions.timeout', 'httpOptions.connectTimeout']],
    defaults: [
      {
        versions: '*',
        connectMs: null,
        requestMs: 120_000,
        attempts: 4,
        backoffMs: 350,
        source: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Config.html',
        note: 'DynamoDB: 11 attempts',
      },
    ],
    byDefault: 'a request may idle 120 s and is then tried again, three times',
    write: '`httpOptions: { timeout: ms, connectTimeout: ms }`',
    source: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/latest/AWS/Config.html',
    quiet: true,
    rule: 'aws-client-default',
    special: 'aws-v2',
    insert: 'httpOptions: { timeout: {ms}, connectTimeout: {ms} }',
  },
];
