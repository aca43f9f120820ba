/** What tells which kind of event a handler takes: type names, event keys, wrappers. */

/** Types of events and handlers that answer HTTP. */
export const httpType =
  /\b(APIGateway(Proxy)?(WithCognitoAuthorizer)?(Event|Handler|Result|StructuredResult|ProxyEvent|ProxyHandler|ProxyResult)\w*|ALB(Event|Handler|Result)|LambdaFunctionURL\w+|ValidatedEventAPIGatewayProxyEvent|ProxyHandler|HandlerResponse)\b/;

/** Types of everything else: there a failure must reach the platform, which retries it. */
export const otherType =
  /\b(SQS|SNS|S3|S3Batch|Kinesis|Firehose|DynamoDB|DynamoDBStream|EventBridge|Scheduled|CloudWatch\w*|CloudFront\w*|Cognito|\w+Trigger|CodePipeline|CodeCommit|CodeDeploy|IoT|SES|MSK|Amplify|AppSync\w*|Lex\w*|Connect\w*|Alexa|SecretsManager\w*|\w*Authorizer|CdkCustomResource|CloudFormationCustomResource)(Event|Handler|Request|ResolverEvent|ResolverHandler)\b/;

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

/** Keys that an HTTP event does not have. */
export const otherKeys: ReadonlySet<string> = new Set([
  'Records',
  'detail',
  'detail-type',
  'methodArn',
  'routeArn',
  'authorizationToken',
  'arguments',
  'triggerSource',
  'RequestType',
  'ResponseURL',
  'identitySource',
  'Details',
  'awslogs',
  'CodePipeline.job',
]);

/** Wrappers that hand an error on. Every other imported wrapper may answer it, so nothing is claimed behind it. */
export const transparentWrapper =
  /^(@middy\/core|middy)(\.middy)?$|^@aws-lambda-powertools\/|^@sentry\/[\w-]+\.(AWSLambda\.)?wrapHandler$|^datadog-lambda-js\.datadog$|^@lumigo\/|^@netlify\/functions\.(builder|schedule|withSentry)$/;

/** Middlewares of middy that do not answer errors. */
export const transparentMiddleware = /^@middy\/(?!http-error-handler)|^@aws-lambda-powertools\//;

export const handlerName = /^(lambda_?)?handler$|^main$|Handler$|_handler$/;
export const eventName = /^_?_?(event|evt|ev)$/i;

/** Decorators of Python handlers that hand an error on. */
export const transparentDecorator =
  /(^|\.)(inject_lambda_context|capture_lambda_handler|log_metrics|event_source|capture_method|xray_recorder\.capture|lambda_handler_cm|validator|datadog_lambda_wrapper|observe)$/;
