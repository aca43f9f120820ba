import type { HandlerKind } from '../deployment.js';

/** What tells of a Python handler who calls it: names of types, keys of events, decorators of frameworks. */

/** Type hints and Powertools' data classes, the first that matches. */
export const pythonEventTypes: readonly (readonly [RegExp, HandlerKind])[] = [
  [
    /\b(APIGateway\w*Authorizer\w*|AppSync\w*|Cognito\w*|PreTokenGeneration\w*|CloudFormationCustomResource\w*|BedrockAgent\w*|Lex\w*|Connect\w*)\b/,
    'invoke',
  ],
  [/\b(APIGateway\w*|ALBEvent|LambdaFunctionUrl\w*|VPCLattice\w*|HttpRequest|HttpResponse|LambdaProxy\w*)\b/, 'http'],
  [/\b(SQS\w*|QueueMessage|ServiceBusMessage)\b/, 'queue'],
  [/\b(Kinesis(StreamEvent|Event)|DynamoDBStreamEvent|DynamoDBEvent|KafkaEvent|EventHubEvent)\b/, 'stream'],
  [/\b(TimerRequest|ScheduledEvent)\b/, 'schedule'],
  [
    /\b(SNS(Event|Model)?|S3(Event|Model|EventBridge\w*|EventNotification\w*)|SesEvent|EventBridge(Event|Model)|CloudWatch\w*|CodePipeline\w*|CloudEvent|InputStream|EventGridEvent)\b/,
    'event',
  ],
];

/** Keys of a single event that tell who sends it, strongest first. */
export const singleEventKeys: readonly (readonly [string, HandlerKind])[] = [
  ['requestContext', 'http'],
  ['httpMethod', 'http'],
  ['detail', 'event'],
  ['detail-type', 'event'],
  ['awslogs', 'event'],
  ['time', 'event'],
];

/** Keys that, besides those of every language, only an HTTP event has at its top. */
export const pythonHttpKeys: ReadonlySet<string> = new Set([
  'body',
  'headers',
  'multiValueHeaders',
  'stageVariables',
  'cookies',
]);

/** Keys of events whose sender waits for a value of its own shape: authorizers, resolvers, triggers, bots. */
export const invokeKeys: ReadonlySet<string> = new Set([
  'methodArn',
  'routeArn',
  'authorizationToken',
  'identitySource',
  'arguments',
  'triggerSource',
  'RequestType',
  'ResponseURL',
  'ResourceProperties',
  'Details',
  'currentIntent',
  'sessionState',
  'CodePipeline.job',
  'invokingEvent',
  'session',
  'actionGroup',
  'messageVersion',
  'serviceMetadata',
]);

/** Decorators that make a view of a framework which itself answers errors: by the origin of what is called. */
export const webDecorator =
  /^(flask\.(Flask|Blueprint)\(\)|(fastapi\.)?(FastAPI|APIRouter)\(\)|fastapi\.\w+\(\)|sanic\.\w+\(\)|bottle(\.Bottle\(\))?|chalice\.(Chalice|Blueprint)\(\)|quart\.Quart\(\)|starlette\.\w+(\.\w+)*\(\)|azure\.functions\.(FunctionApp|Blueprint)\(\))\.(route|get|post|put|patch|delete|lambda_function|function_name)$/;

/** Routes of Powertools: an exception that no `exception_handler` of the resolver takes leaves the handler. */
export const powertoolsResolver =
  /^aws_lambda_powertools\.event_handler(\.\w+)*\.(\w*(Gateway|ALB|Http|LambdaFunctionUrl|VPCLattice)\w*Resolver|ApiGatewayResolver)\(\)/;

/** Decorators that say who calls a function. */
export const kindDecorators: readonly (readonly [RegExp, HandlerKind])[] = [
  [/^functions_framework\.(http|typed)$|^firebase_functions\.https_fn\.on_(request|call)$/, 'http'],
  [/^functions_framework\.(cloud_event|background_event)$/, 'event'],
  [/^firebase_functions\.scheduler_fn\.on_schedule$|^chalice\.Chalice\(\)\.schedule$/, 'schedule'],
  [/^firebase_functions\.(pubsub|storage|firestore|db|eventarc|tasks)_fn\.on_\w+$/, 'event'],
  [/^chalice\.\w+\(\)\.on_sqs_message$/, 'queue'],
  [/^chalice\.\w+\(\)\.on_(kinesis|dynamodb)_record$/, 'stream'],
  [/^chalice\.\w+\(\)\.on_(s3_event|sns_message|cw_event)$/, 'event'],
  [/^azure\.functions\.\w+\(\)\.(schedule|timer_trigger)$/, 'schedule'],
  [/^azure\.functions\.\w+\(\)\.(queue_trigger|service_bus_\w+_trigger)$/, 'queue'],
  [/^azure\.functions\.\w+\(\)\.(blob_trigger|event_grid_trigger|cosmos_db_trigger)$/, 'event'],
];
