import type { IncomingMessage, ServerResponse } from 'node:http';
import { Call, type LambdaApi } from './call.js';
import { unknownOperation } from './errors.js';
import { matcher } from './match.js';
import { operations } from './operations.js';
import { Revisions } from './revisions.js';

/**
 * Paths of the Lambda API begin with the date of an operation's version. What a user's own route may be (`/2024-05-01/report`)
 * is left to the routes.
 */
const PATHS =
  /^\/20\d\d-\d\d-\d\d\/(?:functions|event-source-mappings|account-settings|tags|layers|code-signing-configs)(?:[/?]|$)/;

/** @param url path and query as they were sent */
export function isLambdaCall(url: string): boolean {
  // Most requests are told apart by one character.
  return url.charCodeAt(1) === 0x32 && PATHS.test(url);
}

/** The API of AWS Lambda, as far as there is an emulated counterpart, so that the vendors' SDKs work unmodified. */
export function createLambdaApi(
  options: Omit<LambdaApi, 'revisions'>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const api: LambdaApi = { ...options, revisions: new Revisions(options.clock) };
  const find = matcher(operations);

  return (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark));
    const match = find(method, path);
    const call = new Call(api, request, response, api.newId(), match?.params ?? {}, query);
    try {
      if (!match) throw unknownOperation(`No operation that the emulator serves: ${method} ${path}`);
      match.operation.run(call);
    } catch (error) {
      call.fail(error);
    }
  };
}
