import type { RunResult } from '../instances/types.js';
import type { Reply } from '../http-reply.js';
import { internalError, serviceUnavailable } from './reply.js';

/** What differs between the services that put HTTP in front of a function. */
export interface Front {
  /** How an answer that is none is told to the developer. */
  readonly refusal: string;
  /** For a handler that failed, or whose answer is none. */
  readonly failed: Reply;
  /** For a function that could not take the invocation. @param payload the 429's body, with its Reason */
  throttled(payload: Buffer): Reply;
  /** Name and value of the content-type of a body whose handler names none. */
  readonly bodyType: readonly string[];
  /** For a result that is not JSON. */
  text?(payload: Buffer): Mapped;
}

/** What the caller gets, and why it is an error when the handler's answer was at fault. */
export interface Mapped {
  readonly reply: Reply;
  /** For the developer: what the real service would have refused. */
  readonly defect?: string;
}

const JSON_TYPE = ['content-type', 'application/json'];

const HTTP_API: Front = {
  refusal: 'API Gateway answers 500',
  failed: internalError,
  throttled: () => serviceUnavailable,
  bodyType: ['content-type', 'text/plain;charset=UTF-8'],
};

/** RFC 9110 token, and what may be in a field value; anything else would break the message apart. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Set by the connection, not by a handler; a wrong content-length would leave the client hanging. */
const OURS = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer']);

/**
 * A result as an HTTP API answers it, payload format 2.0 [FACTS section 4]: a result without `statusCode` is the body of
 * a 200; a function error, or an answer that is none, is 500; a function that could not take the invocation is 503, as
 * the integration's 429 is.
 */
export function httpReply(result: RunResult, front = HTTP_API): Mapped {
  if (!result.ok) return { reply: result.kind === 'throttled' ? front.throttled(result.payload) : front.failed };
  const text = result.payload.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return front.text?.(result.payload) ?? refused('is not JSON', front);
  }
  if (typeof value === 'string') return { reply: { status: 200, headers: JSON_TYPE, body: value } };
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    return { reply: { status: 200, headers: JSON_TYPE, body: result.payload } };
  }
  return structured(value as Readonly<Record<string, unknown>>, front);
}

export function refused(what: string, front: Front): Mapped {
  return { reply: front.failed, defect: `the handler's result ${what}; ${front.refusal}` };
}

function structured(value: Readonly<Record<string, unknown>>, front: Front): Mapped {
  const { body } = value;
  if (body !== undefined && body !== null && typeof body !== 'string') {
    return refused(`has a body that is not a string; JSON.stringify it`, front);
  }
  const head = httpHead(value);
  if (typeof head === 'string') return refused(head, front);
  if (typeof body !== 'string' || body === '') return { reply: head };
  const { status, headers } = head;
  if (!hasContentType(headers)) headers.push(...front.bodyType);
  return { reply: { status, headers, body: value['isBase64Encoded'] === true ? Buffer.from(body, 'base64') : body } };
}

/** `statusCode`, `headers` and `cookies` of a result or a prelude. @returns what is wrong with them, or the head */
export function httpHead(value: Readonly<Record<string, unknown>>): string | { status: number; headers: string[] } {
  const status = statusOf(value['statusCode']);
  if (status === undefined) return `has the statusCode ${JSON.stringify(value['statusCode'])}`;
  const headers: string[] = [];
  return addHeaders(headers, value['headers']) ?? addCookies(headers, value['cookies']) ?? { status, headers };
}

/** A status that ends a response, as a number or in digits. */
function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

/** @returns what is wrong with them */
function addHeaders(into: string[], headers: unknown): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  if (typeof headers !== 'object' || Array.isArray(headers)) return 'has headers that are not an object';
  for (const name in headers) {
    const value = (headers as Record<string, unknown>)[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'object') return `has a header ${JSON.stringify(name)} that is not a string`;
    const text = typeof value === 'string' ? value : String(value);
    if (!TOKEN.test(name) || NOT_A_VALUE.test(text))
      return `has a header ${JSON.stringify(name)} with invalid characters`;
    if (!OURS.has(name.toLowerCase())) into.push(name, text);
  }
  return undefined;
}

function addCookies(into: string[], cookies: unknown): string | undefined {
  if (cookies === undefined || cookies === null) return undefined;
  if (!Array.isArray(cookies)) return 'has cookies that are not an array';
  for (const cookie of cookies as unknown[]) {
    if (typeof cookie !== 'string' || NOT_A_VALUE.test(cookie)) return `has the cookie ${JSON.stringify(cookie)}`;
    into.push('set-cookie', cookie);
  }
  return undefined;
}

export function hasContentType(headers: readonly string[]): boolean {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'content-type') return true;
  return false;
}
