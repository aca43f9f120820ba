import type { ExperimentInput } from '../../emulator/contract/experiment.js';
import type { DeployedFunction, HandlerKind } from '../deployment.js';

/** What a function is invoked with in the experiment that proves a finding. Pure: the same for the same function. */

type Target = ExperimentInput['target'];

/** What a broken body is: cut off where a connection would be. */
const NOT_JSON = '{"id": "1", "amount":';

/** Who calls the function; an HTTP route among others decides, because its caller reads the status. */
export function callerOf({ kinds }: DeployedFunction): HandlerKind {
  if (kinds.includes('http')) return 'http';
  return kinds[0] ?? 'unknown';
}

/** The function called as usual: through its route where it has one, else with an event of its kind. */
export function usualTarget(deployed: DeployedFunction): Target {
  const route = deployed.routes?.[0];
  if (callerOf(deployed) !== 'http' || route === undefined)
    return { invoke: deployed.name, event: eventOf(callerOf(deployed), '{}') };
  const [method = 'GET', path = '/'] = filled(route).split(' ');
  return { request: `${method} ${path}`, ...(bodiless(method) ? {} : { body: { id: '1' } }) };
}

/** The same with a body that is not JSON. Invoked directly: an experiment's request has a JSON body. */
export function brokenTarget(deployed: DeployedFunction): Target {
  return { invoke: deployed.name, event: eventOf(callerOf(deployed), NOT_JSON, deployed.routes?.[0]) };
}

/** With no body at all: what a browser's address bar sends. */
export function bareTarget(deployed: DeployedFunction): Target {
  return { invoke: deployed.name, event: eventOf(callerOf(deployed), undefined, deployed.routes?.[0]) };
}

const bodiless = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** `ANY /orders/{id}` → `POST /orders/1`: any method is one with a body, which handlers more likely read. */
function filled(route: string): string {
  return route.replace(/^ANY /, 'POST ').replace(/\{[^}]+\}/g, '1');
}

function eventOf(kind: HandlerKind, body: string | undefined, route?: string): unknown {
  switch (kind) {
    case 'queue':
      return { Records: [queueRecord(body ?? '')] };
    case 'stream':
      return { Records: [streamRecord(body ?? '')] };
    case 'schedule':
      return { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, resources: [] };
    case 'event':
      return { Records: [anyRecord(body ?? '')], detail: { id: '1' } };
    case 'invoke':
      return { id: '1', ...(body === undefined ? {} : { body }) };
    default:
      return httpEvent(body, route);
  }
}

/** Of both payload formats what handlers read. */
function httpEvent(body: string | undefined, route = 'ANY /1'): unknown {
  const [method = 'POST', path = '/'] = filled(route).split(' ');
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    path,
    httpMethod: method,
    rawQueryString: '',
    queryStringParameters: {},
    pathParameters: Object.fromEntries([...route.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => [name, '1'])),
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

function queueRecord(body: string): unknown {
  return {
    messageId: '1',
    receiptHandle: '1',
    body,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:proof',
    awsRegion: 'us-east-1',
  };
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function streamRecord(body: string): unknown {
  return {
    eventID: '1',
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: { Keys: { id: { S: '1' } }, NewImage: { id: { S: '1' } }, SequenceNumber: '1' },
    kinesis: { data: base64(body), partitionKey: '1', sequenceNumber: '1' },
  };
}

/** SNS and S3 in one: a handler reads one of them. */
function anyRecord(body: string): unknown {
  return {
    Sns: { Message: body, MessageId: '1', Subject: 'proof', TopicArn: 'arn:aws:sns:us-east-1:000000000000:proof' },
    s3: { bucket: { name: 'proof' }, object: { key: 'proof.json', size: 2 } },
  };
}
