import { ruleTests } from '../testing.js';

const ts = 'handler.ts';

ruleTests('aws-client-default', {
  valid: [
    {
      why: 'ignored by its service',
      code: `import { SSMClient } from '@aws-sdk/client-ssm';\nnew SSMClient({});`,
      options: { ignore: ['ssm'] },
    },
    {
      why: 'an effective timeout',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } });`,
    },
    {
      why: 'a socket timeout',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nexport const s3 = new S3Client({ requestHandler: new NodeHttpHandler({ socketTimeout: 1000 }) });`,
    },
    {
      why: 'a handler of another file',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nimport { requestHandler } from './limits.mjs';\nexport const s3 = new S3Client({ requestHandler });`,
      beside: {
        'limits.mjs': `import { NodeHttpHandler } from '@smithy/node-http-handler';\nexport const requestHandler = new NodeHttpHandler({ socketTimeout: 1000 });`,
      },
    },
    {
      why: 'every send is bounded',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nawait s3.send(cmd, { abortSignal: AbortSignal.timeout(9) });`,
    },
    {
      why: 'commands and errors are no clients',
      code: `import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';\nnew GetObjectCommand({ Bucket: 'b' });\nnew S3ServiceException({});`,
    },
    {
      why: 'options that are not visible',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const make = (config) => new S3Client(config);`,
    },
    {
      why: 'a client that only signs URLs asks nobody',
      code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { getSignedUrl } from '@aws-sdk/s3-request-presigner';\nconst s3 = new S3Client({});\nexport const sign = (key) => getSignedUrl(s3, new GetObjectCommand({ Bucket: 'b', Key: key }));`,
    },
    {
      why: 'SDK v2 that only signs URLs',
      code: `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.sign = (key) => s3.getSignedUrl('getObject', { Key: key });`,
    },
    {
      why: 'SDK v2 with limits',
      code: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient({ maxRetries: 1, httpOptions: { timeout: 900, connectTimeout: 500 } });`,
    },
    {
      why: 'SDK v2 with limits for all',
      code: `const AWS = require('aws-sdk');\nAWS.config.update({ httpOptions: { timeout: 900 } });\nconst db = new AWS.DynamoDB.DocumentClient();`,
    },
    {
      why: 'SDK v2 through another client',
      code: `const AWS = require('aws-sdk');\nexports.make = (service) => new AWS.DynamoDB.DocumentClient({ service });`,
    },
    {
      why: 'classes of SDK v2 that are no clients',
      code: `const AWS = require('aws-sdk');\nnew AWS.Endpoint('https://a');\nnew AWS.HttpRequest(endpoint);\nnew AWS.SharedIniFileCredentials();\nnew AWS.Signers.V4(request, 'es');`,
    },
  ],
  invalid: [
    {
      why: 'AWS SDK v3',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ region });`,
      finds: ['2: `new S3Client` has the limits of the SDK: a request may wait for ever'],
      severity: 'warning',
      fixed: `import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ region, requestHandler: { requestTimeout: 2700, throwOnRequestTimeout: true } });`,
      deployed: { timeoutMs: 3000 },
    },
    {
      why: 'without options, behind a document client',
      file: ts,
      code: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';\nconst db = DynamoDBDocumentClient.from(new DynamoDBClient({}));`,
      finds: ['3: `new DynamoDBClient`'],
    },
    {
      why: 'instrumented, in a field',
      file: ts,
      code: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { captureAWSv3Client } from 'aws-xray-sdk-core';\nclass Store { private static client: DynamoDBClient = captureAWSv3Client(new DynamoDBClient({})); }`,
      finds: ['3: requestHandler'],
    },
    {
      why: 'the class with all methods',
      code: `import { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3();`,
      finds: ['2: `new S3`'],
      fixed: `import { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3({ requestHandler: { requestTimeout: 2500, throwOnRequestTimeout: true } });`,
    },
    {
      why: 'a request handler without a limit',
      code: `import { S3Client } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nconst s3 = new S3Client({ requestHandler: new NodeHttpHandler({ maxSockets: 9 }) });`,
      finds: ['3: `new S3Client`'],
    },
    {
      why: 'AWS SDK v2',
      code: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient();`,
      finds: ['2: httpOptions'],
      fixed: `const AWS = require('aws-sdk');\nconst db = new AWS.DynamoDB.DocumentClient({ httpOptions: { timeout: 2500, connectTimeout: 2500 } });`,
    },
    {
      why: 'AWS SDK v2 by service',
      code: `const DynamoDB = require('aws-sdk/clients/dynamodb');\nconst db = new DynamoDB.DocumentClient({ region: 'x' });\nconst raw = new DynamoDB();`,
      finds: ['2: `new DynamoDB.DocumentClient`', '3: `new DynamoDB`'],
    },
    {
      why: 'AWS SDK v2, instrumented',
      code: `const AWSXRay = require('aws-xray-sdk');\nconst AWS = AWSXRay.captureAWS(require('aws-sdk'));\nconst s3 = new AWS.S3();`,
      finds: ['3: `new AWS.S3`'],
    },
    {
      why: 'options that are others offline',
      code: `const AWS = require('aws-sdk');\nlet options = {};\nif (process.env.IS_OFFLINE) {\n  options = { region: 'localhost', endpoint: 'http://localhost:8000' };\n}\nconst client = new AWS.DynamoDB.DocumentClient(options);`,
      finds: ['6: `new AWS.DynamoDB.DocumentClient`'],
    },
    {
      why: 'of two clients the one that is deployed',
      file: ts,
      code: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nexport const client = process.env.IS_OFFLINE\n  ? new DynamoDBClient({ endpoint: 'http://localhost:8000', region: 'x' })\n  : new DynamoDBClient({});`,
      finds: ['4: `new DynamoDBClient`'],
    },
    {
      why: 'an agent is no limit',
      code: `import { S3 } from 'aws-sdk';\nconst s3 = new S3({ httpOptions: { agent } });`,
      finds: ['2: httpOptions'],
    },
  ],
});
