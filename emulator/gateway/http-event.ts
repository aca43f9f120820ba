import { isUtf8 } from 'node:buffer';
import type { RouteMatch } from './router.js';
import { ACCOUNT_ID } from '../dispatch/types.js';

/** A request, as far as the event tells of it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Name, value, name, value …, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  readonly sourceIp: string;
  readonly body: Buffer | undefined;
}

export interface EventContext {
  readonly requestId: string;
  /** Epoch ms. */
  readonly now: number;
  readonly traceId: string;
  /** Port of the listener. */
  readonly port: number;
  /** For the event of a function URL. */
  readonly functionUrl?: FunctionUrl;
}

export interface FunctionUrl {
  /** First label of its host name. */
  readonly id: string;
  readonly domain: string;
}

const API_IDENTITY = `"accountId":"${ACCOUNT_ID}","apiId":"faultline",`;
const quote = JSON.stringify as (text: string) => string;

/**
 * The event of an HTTP API, payload format 2.0 [FACTS section 4], as JSON. Written as text in one go: building the object
 * first and serialising it costs twice as much, on every request.
 */
export function httpEvent(request: HttpRequest, route: RouteMatch, context: EventContext): string {
  const { method, url, body } = request;
  const mark = url.indexOf('?');
  const rawPath = quote(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const headers = eventHeaders(request, context);
  const routeKey = quote(route.routeKey);
  let json = `{"version":"2.0","routeKey":${routeKey},"rawPath":${rawPath},"rawQueryString":${quote(query)}`;
  if (headers.cookies !== '') json += `,"cookies":[${headers.cookies}]`;
  json += `,"headers":{${headers.json}}`;
  if (query !== '') json += `,"queryStringParameters":${queryParameters(query)}`;
  json +=
    `,"requestContext":{${context.functionUrl ? urlIdentity(context.functionUrl) : API_IDENTITY + domain(headers.host)}` +
    `,"http":{"method":${quote(method)},"path":${rawPath}` +
    `,"protocol":"HTTP/${request.httpVersion}","sourceIp":${quote(request.sourceIp)},"userAgent":${headers.userAgent}}` +
    `,"requestId":"${context.requestId}","routeKey":${routeKey},"stage":"$default"` +
    `,"time":"${logTime(context.now)}","timeEpoch":${String(context.now)}}`;
  if (route.pathParameters) json += `,"pathParameters":${JSON.stringify(route.pathParameters)}`;
  return json + eventBody(body, headers.contentType, context.functionUrl ? isUrlText : isText);
}

/** The end of the event: `body` is left out when there is none. */
function eventBody(body: Buffer | undefined, contentType: string | undefined, text: typeof isText): string {
  if (!body || body.length === 0) return ',"isBase64Encoded":false}';
  // Text that is not UTF-8 would be lost in JSON, so it is passed as binary whatever it is called.
  if (text(contentType) && isUtf8(body)) return `,"body":${quote(body.toString())},"isBase64Encoded":false}`;
  return `,"body":"${body.toString('base64')}","isBase64Encoded":true}`;
}

/** Text, JSON, XML, JavaScript and forms are text; no type counts as JSON, which is API Gateway's default. */
function isText(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(?:.+\+)?(?:json|xml|javascript|x-www-form-urlencoded)$/.test(type);
}

/** For a function URL, text, JSON and XML are text; a form is not, and neither is what has no type [FACTS section 4]. */
function isUrlText(contentType: string | undefined): boolean {
  return contentType !== undefined && /text|json|xml/i.test(contentType.split(';', 1)[0] ?? '');
}

/** Nobody signs requests here: the account is `anonymous`, as without IAM authorisation [R]. */
function urlIdentity({ id, domain: name }: FunctionUrl): string {
  return `"accountId":"anonymous","apiId":${quote(id)},"domainName":${quote(name)},"domainPrefix":${quote(id)}`;
}

interface EventHeaders {
  readonly json: string;
  /** JSON strings, comma-joined. */
  readonly cookies: string;
  readonly host: string;
  /** JSON string. */
  readonly userAgent: string;
  readonly contentType: string | undefined;
}

/** A header's name, as the event has it; one object a name, so that names are compared by identity. */
interface HeaderName {
  readonly lower: string;
  /** `"name":` */
  readonly key: string;
}

/** Memoised under the spelling that was sent and the lower-case one: clients send the same few for ever. */
const headerNames = new Map<string, HeaderName>();
function headerName(sent: string): HeaderName {
  const known = headerNames.get(sent);
  if (known) return known;
  const lower = sent.toLowerCase();
  const name = headerNames.get(lower) ?? { lower, key: `${quote(lower)}:` };
  if (headerNames.size < 1_000) headerNames.set(sent, name).set(lower, name);
  return name;
}

const COOKIE = headerName('cookie');
const HOST = headerName('host');
const USER_AGENT = headerName('user-agent');
const CONTENT_TYPE = headerName('content-type');
const FORWARDED_FOR = headerName('x-forwarded-for');
const FORWARDED_PORT = headerName('x-forwarded-port');
const FORWARDED_PROTO = headerName('x-forwarded-proto');
const TRACE_ID = headerName('x-amzn-trace-id');

/** Names and values of one request; few enough that looking through them beats hashing them. */
class HeaderList {
  readonly names: HeaderName[] = [];
  readonly values: string[] = [];

  get(name: HeaderName): string | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.values[at];
  }

  set(name: HeaderName, value: string): void {
    const at = this.names.indexOf(name);
    this.values[at < 0 ? this.names.push(name) - 1 : at] = value;
  }

  add(name: HeaderName, value: string): void {
    const before = this.get(name);
    this.set(name, before === undefined ? value : `${before},${value}`);
  }

  json(): string {
    let json = '';
    for (let i = 0; i < this.names.length; i++) {
      if (i > 0) json += ',';
      json += (this.names[i] as HeaderName).key + quote(this.values[i] as string);
    }
    return json;
  }
}

/** Names in lower case, repeated ones comma-joined, cookies apart; what the service adds is added. */
function eventHeaders({ rawHeaders, sourceIp }: HttpRequest, { traceId, port }: EventContext): EventHeaders {
  const list = new HeaderList();
  let cookies = '';
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = headerName(rawHeaders[i] as string);
    const value = rawHeaders[i + 1] as string;
    if (name === COOKIE) {
      for (const cookie of value.split(/; ?/)) if (cookie !== '') cookies += `${cookies && ','}${quote(cookie)}`;
    } else list.add(name, value);
  }
  const forwarded = list.get(FORWARDED_FOR);
  list.set(FORWARDED_FOR, forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`);
  list.set(FORWARDED_PORT, String(port));
  list.set(FORWARDED_PROTO, 'http');
  list.set(TRACE_ID, traceId);
  return {
    json: list.json(),
    cookies,
    host: list.get(HOST) ?? 'localhost',
    userAgent: quote(list.get(USER_AGENT) ?? ''),
    contentType: list.get(CONTENT_TYPE),
  };
}

let lastHost = '';
let lastDomain = '';

/** `domainName` and its first label as `domainPrefix`; kept, since a client keeps to one host. */
function domain(host: string): string {
  if (host === lastHost) return lastDomain;
  const prefix = host.split(/[.:]/, 1)[0] ?? host;
  lastDomain = `"domainName":${quote(host)},"domainPrefix":${quote(prefix)}`;
  lastHost = host;
  return lastDomain;
}

/** Decoded, values of a repeated name comma-joined. */
function queryParameters(query: string): string {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values[name];
    values[name] = before === undefined ? value : `${before},${value}`;
  }
  return JSON.stringify(values);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let lastSecond = -1;
let lastTime = '';

/** `12/Mar/2020:19:03:58 +0000`, made once a second. */
function logTime(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second === lastSecond) return lastTime;
  const date = new Date(second * 1_000);
  const day = String(date.getUTCDate()).padStart(2, '0');
  lastTime = `${day}/${MONTHS[date.getUTCMonth()] ?? ''}/${String(date.getUTCFullYear())}:${date.toISOString().slice(11, 19)} +0000`;
  lastSecond = second;
  return lastTime;
}
