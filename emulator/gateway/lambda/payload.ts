import { isUtf8 } from 'node:buffer';
import { invalidRequestContent, type ServiceError } from './errors.js';

/** A call without a payload invokes with this [R]. */
export const NO_PAYLOAD = Buffer.from('{}');

/** @returns why these bytes are not JSON, as the service says it; the reason itself is our parser's */
export function payloadError(bytes: Buffer): ServiceError | undefined {
  const problem = isUtf8(bytes) ? jsonProblem(bytes.toString()) : utf8Problem(bytes);
  if (problem === undefined) return undefined;
  return invalidRequestContent(`Could not parse request body into json: Could not parse payload into json: ${problem}`);
}

/** What keeps a text from being JSON. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first byte that is out of place, in the words of the service's parser [R]. */
function utf8Problem(bytes: Buffer): string {
  const at = firstInvalid(bytes);
  const byte = bytes[at] ?? 0;
  // A byte that only goes on, where one has to begin; else one that began and was not gone on with.
  const start = byte < 0xc2 || byte > 0xf4;
  const before = bytes.subarray(0, at).toString();
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return (
    `Invalid UTF-8 ${start ? 'start' : 'middle'} byte 0x${byte.toString(16)}\n at [Source: REDACTED ` +
    `(\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${String(line)}, column: ${String(column + 1)}]`
  );
}

/** Where the longest valid text ends; found by halving, each half being checked at the speed of the engine. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0;
  let size = bytes.length;
  while (size > 0) {
    const half = Math.max(1, size >> 1);
    // A character of several bytes may lie across the cut: up to three more show it whole.
    const whole = [0, 1, 2, 3].find((more) => isUtf8(bytes.subarray(valid, valid + half + more)));
    if (whole === undefined) {
      if (half === 1) break;
      size = half;
    } else {
      valid += half + whole;
      size = bytes.length - valid;
    }
  }
  return valid;
}
