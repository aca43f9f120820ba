import type { HandlerKind } from '../deployment.js';

/** What tells which kind of event a handler takes: type names, event keys, wrappers. */

/** Type names by what calls the handler, the first that fits; the ones that look like HTTP and are not come first. */
export const typeKinds: readonly (readonly [RegExp, HandlerKind])[] = [
  [
    /\bAPIGateway(Request|Token|IAM|Simple)?(Simple)?Authorizer\w*|\bAPIGatewayRequest(IAM|Simple)Authorizer\w*/,
    'invoke',
  ],
  [/\bSQS(Event|Handler|BatchResponse|Record)\b/, 'queue'],
  [
    /\b(KinesisStream|Kinesis|DynamoDBStream|DynamoDB|MSK|SelfManagedKafka|Kafka)(Event|Handler|BatchResponse|TumblingWindowEvent)\b/,
    'stream',
  ],
  [/\bScheduled(Event|Handler)\b/, 'schedule'],
  [
    /\b(SNS|S3|EventBridge|CloudWatch\w*|SES|CodePipeline\w*|CodeCommit|CodeDeploy|CodeBuild\w*|IoT|SecretsManager\w*|Amplify)(Event|Handler)\b|\w+Trigger(Event|Handler)\b|\bCloudEvent(Function)?\b|\bEventFunction\w*/,
    'event',
  ],
  [
    /\b(S3Batch|Firehose\w*|CloudFront\w*|AppSync\w*|Lex\w*|Connect\w*|CdkCustomResource|CloudFormationCustomResource\w*|GuardDuty\w*)(Event|Handler|Result|Request)\b|\bAlexa\w*|\bRequestEnvelope\b/,
    'invoke',
  ],
  [
    /APIGateway(?!Client)\w*(Event|Handler|Result|Response)\w*|\bALB(Event|Handler|Result)\b|\bLambdaFunctionURL\w+|\bProxyHandler\b|\bProxyResult\b|\bHandlerResponse\b|\bHttpFunction\b|\b(Vercel|NextApi|Next)(Request|Response)\b|\bHandlerEvent\b/,
    'http',
  ],
];

/** Keys that only an HTTP event has. */
export const httpKeys: ReadonlySet<string> = new Set([
  'httpMethod',
  'rawPath',
  'rawQueryString',
  'pathParameters',
  'queryStringParameters',
  'multiValueQueryStringParameters',
  'multiValueHeaders',
  'isBase64Encoded',
  'routeKey',
]);

/** Keys of an event that tell who sends it; `Records` is told by what the records have. */
export const keyKinds: ReadonlyMap<string, HandlerKind> = new Map<string, HandlerKind>([
  ...[...httpKeys, 'requestContext', 'rawBody', 'stageVariables'].map((key): [string, HandlerKind] => [key, 'http']),
  ...['detail', 'detail-type', 'awslogs', 'triggerSource', 'CodePipeline.job', 'notificationType'].map(
    (key): [string, HandlerKind] => [key, 'event'],
  ),
  ...[
    'methodArn',
    'routeArn',
    'authorizationToken',
    'identitySource',
    'arguments',
    'RequestType',
    'ResponseURL',
    'Details',
    'currentIntent',
    'sessionState',
  ].map((key): [string, HandlerKind] => [key, 'invoke']),
]);

/** Keys that an HTTP event has and others may have too: they count where nothing contradicts. */
export const weakHttpKeys: ReadonlySet<string> = new Set(['body', 'headers', 'cookies']);

/** Keys of one of an event's `Records`, by who sends them, the first that is read. */
export const recordKinds: readonly (readonly [RegExp, HandlerKind])[] = [
  [/^(Sns|EventSubscriptionArn)$/, 'event'],
  [/^kinesis$/, 'stream'],
  [/^(dynamodb|NewImage|OldImage)$/, 'stream'],
  [/^(cf)$/, 'invoke'],
  [/^(body|messageId|receiptHandle|messageAttributes|eventSourceARN)$/, 'queue'],
  [/^(s3|ses)$/, 'event'],
];

/** Names that a cloud function of Google gives what it receives, with `context` behind it. */
export const backgroundName =
  /^_?(event|data|file|object|message|pubsub(Message|Event)?|pubSub(Message|Event)?|cloud_?[eE]vent|gcsEvent|payload)$/;
export const requestName = /^_{0,2}(req|request|httpRequest)$/;
export const responseName = /^_{0,2}(res|resp|response|reply)$/;

/**
 * Calls that register or make a handler: where the function stands among the arguments is found, what calls it is here.
 * `http` ones take `(request, response)`.
 */
export const registrations: readonly (readonly [RegExp, HandlerKind, Convention])[] = [
  [/^@google-cloud\/functions-framework\.http$/, 'http', 'request-response'],
  [/^@google-cloud\/functions-framework\.cloudEvent$/, 'event', 'background'],
  [/^@google-cloud\/functions-framework\.typed$/, 'invoke', 'background'],
  [/^firebase-functions(\/[\w/]+)?(\.\w+)*(\(\))?(\.https)?\.onRequest$/, 'http', 'request-response'],
  [/^firebase-functions(\/[\w/]+)?(\.\w+)*(\(\))?(\.https)?\.onCall$/, 'invoke', 'background'],
  [/^firebase-functions.*\.(onRun|onSchedule)$/, 'schedule', 'background'],
  [/^firebase-functions.*\.on[A-Z]\w*$/, 'event', 'background'],
  [/^@azure\/functions\.app\.http$/, 'http', 'background'],
  [/^@azure\/functions\.app\.timer$/, 'schedule', 'background'],
  [/^@azure\/functions\.app\.(serviceBusQueue|storageQueue)$/, 'queue', 'background'],
  [/^@azure\/functions\.app\.(serviceBusTopic|storageBlob|eventHub|eventGrid|cosmosDB)$/, 'event', 'background'],
  [/^@netlify\/functions\.schedule$/, 'schedule', 'lambda'],
  [/^@architect\/functions\.(http|html|json|text|xml|css|js)(\.\w+)*$/, 'http', 'background'],
  [/^@architect\/functions\.(events|queues|tables|scheduled)(\.\w+)*$/, 'event', 'background'],
];

/** Wrappers that hand an error on. Every other imported wrapper may answer it, so nothing is claimed behind it. */
export const transparentWrapper =
  /^(@middy\/core|middy)(\.middy)?$|^@aws-lambda-powertools\/|^@sentry\/[\w-]+\.(AWSLambda\.)?wrapHandler$|^datadog-lambda-js\.datadog$|^@lumigo\/|^@netlify\/functions\.(builder|schedule|withSentry)$/;

/** Middlewares of middy that do not answer errors. */
export const transparentMiddleware = /^@middy\/(?!http-error-handler)|^@aws-lambda-powertools\//;

/** Wrappers and middlewares that neither shape the answer nor parse the body. */
export const plainWrapper =
  /^(@middy\/core|middy)(\.middy)?$|^@aws-lambda-powertools\/|^@sentry\/|^datadog-lambda-js|^@lumigo\/|^aws-xray-sdk|^@netlify\/functions|^@middy\/(http-cors|http-security-headers|do-not-wait-for-empty-event-loop|warmup|input-output-logger|http-error-handler|cloudwatch-metrics|error-logger|ssm|secrets-manager|http-header-normalizer|http-event-normalizer|http-urlencode-\w+)(\.|$)/;

/**
 * How a handler is called and answers. `lambda`: `(event, context, callback)`, an object with `statusCode`;
 * `request-response`: `(req, res)`; `web`: a `Request` to a `Response`; `background`: a value, or nothing.
 */
export type Convention = 'lambda' | 'request-response' | 'web' | 'background';

export const handlerName = /^(lambda_?)?handler$|^main$|Handler$|_handler$/;
export const eventName = /^_?_?(event|evt|ev)$/i;

/** Decorators of Python handlers that hand an error on. */
export const transparentDecorator =
  /(^|\.)(inject_lambda_context|capture_lambda_handler|log_metrics|event_source|capture_method|xray_recorder\.capture|lambda_handler_cm|validator|datadog_lambda_wrapper|observe)$/;
