import { httpHead } from '../http-result.js';

/** Content type of a streamed response that begins with its own status and headers. */
export const INTEGRATION_RESPONSE = 'application/vnd.awslambda.http-integration-response';

/** Between the JSON of the prelude and the body [FACTS section 2]. */
const SEPARATOR = Buffer.alloc(8);

/** Longer than the headers that clients take; bytes. */
const MAX_PRELUDE = 65_536;

export interface Head {
  readonly status: number;
  readonly headers: string[];
}

/** The prelude of a streamed response, in whatever pieces it comes. */
export class Prelude {
  #held = Buffer.alloc(0);

  /**
   * @returns undefined while there is more to come; the head and what follows it; or what is wrong with it, as the developer is
   * told
   */
  push(chunk: Buffer): { readonly head: Head; readonly rest: Buffer } | string | undefined {
    // The separator may have begun in what was held.
    const from = Math.max(0, this.#held.length - SEPARATOR.length + 1);
    const all = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = all.indexOf(SEPARATOR, from);
    if (end < 0) {
      if (all.length > MAX_PRELUDE) return `begins with more than ${String(MAX_PRELUDE)} bytes of headers`;
      // Copied: whoever writes may use its buffer again.
      this.#held = Buffer.from(all);
      return undefined;
    }
    const head = headOf(all.subarray(0, end).toString());
    return typeof head === 'string' ? head : { head, rest: all.subarray(end + SEPARATOR.length) };
  }
}

function headOf(json: string): Head | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'begins with headers that are not JSON';
  }
  if (typeof value !== 'object' || value === null) return 'begins with headers that are not an object';
  return httpHead({ statusCode: 200, ...value });
}
