import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_PAYLOAD_BYTES } from '../../contract/config.js';
import { readBody, type Body } from '../../http-body.js';
import { send, type Reply } from '../../http-reply.js';
import type { LinkEvents } from '../link.js';
import { tooLarge } from '../outcomes.js';
import { MAX_STREAM_BYTES } from '../streamed-response.js';
import type { Work } from '../types.js';
import {
  ACCEPTED,
  eventReply,
  INVALID_REQUEST_ID,
  INVALID_RESPONSE_MODE,
  invalidTransition,
  TOO_LARGE,
  TRUNCATED,
  TRUNCATED_MESSAGE,
} from './answers.js';
import { hostError, initReport, reportOf, trailerReport } from './reports.js';
import { refusal, type RuntimeState, type RuntimeStep } from './states.js';
import { receive, type Upload } from './upload.js';

export type SessionEvents = Pick<
  LinkEvents,
  'ready' | 'initFailed' | 'result' | 'error' | 'streamStart' | 'streamChunk' | 'streamEnd' | 'message'
> & {
  /** The runtime has asked for the next event after it had answered the last one. */
  free(): void;
};

const GAVE_UP =
  '[faultline] the runtime gave up waiting for the next event and asked again (a timeout of its HTTP client?): ' +
  'Lambda would hand the event to the request that was given up, and lose it';
const NOT_ANNOUNCED =
  '[faultline] the error in the trailers of the response is ignored, as on Lambda: ' +
  'the request did not announce them in a Trailer header';

/**
 * The conversation with one runtime: which requests are allowed now, what they are answered, and what they mean for the
 * invocation. Events are told before the runtime's request is answered, so that what the runtime does next comes next.
 */
export class RuntimeSession {
  private state: RuntimeState = 'Started';
  /** Handed to the session, not taken by the runtime yet. */
  private offered: Work | undefined;
  /** Taken by the runtime; kept until it asks for the next one. */
  private current: Work | undefined;
  /** Long polls, the oldest first. */
  private waiting: ServerResponse[] = [];
  private gaveUp = false;
  private upload: Upload | undefined;

  constructor(private readonly events: SessionEvents) {}

  /** The runtime has answered, and has not asked for the next event yet. */
  get lingering(): boolean {
    return this.current !== undefined && this.state !== 'Running';
  }

  offer(work: Work): void {
    this.offered = work;
    this.deliver();
  }

  pause(): void {
    this.upload?.pause();
  }

  resume(): void {
    this.upload?.resume();
  }

  /** `GET /runtime/invocation/next` */
  next(response: ServerResponse): void {
    const before = this.state;
    if (!this.allows('Ready', response)) return;
    if (this.current && before === 'Running') return send(response, eventReply(this.current), false);
    const answered = this.current !== undefined;
    this.current = undefined;
    this.state = 'Ready';
    this.wait(response);
    if (before === 'Started') this.events.ready();
    else if (answered) this.events.free();
    this.deliver();
  }

  /** `POST /runtime/invocation/{id}/response` */
  response(id: string, request: IncomingMessage, response: ServerResponse): void {
    const work = this.running(id, 'InvocationResponse', response);
    if (!work) return;
    const mode = request.headers['lambda-runtime-function-response-mode'];
    if (mode === 'streaming') return this.streamed(work, request, response);
    if (mode) {
      // As on the service, the runtime gets no further than this: the state stays what it is.
      this.events.error(
        'response',
        failed('Runtime.InvalidResponseModeHeader', 'Invalid function response mode', work),
        undefined,
      );
      return send(response, INVALID_RESPONSE_MODE, false);
    }
    this.read(request, (body) => {
      if (body.state === 'complete')
        return this.sent(response, ACCEPTED, () => this.events.result(body.bytes, undefined));
      this.unread(body, work, response);
    });
  }

  /** `POST /runtime/invocation/{id}/error` */
  error(id: string, request: IncomingMessage, response: ServerResponse): void {
    const work = this.running(id, 'InvocationErrorResponse', response);
    if (!work) return;
    this.read(request, (body) => {
      if (body.state !== 'complete') return this.unread(body, work, response);
      const { payload, type } = reportOf(request, body.bytes);
      this.sent(response, ACCEPTED, () => this.events.error('handler', payload, undefined, type));
    });
  }

  /** `POST /runtime/init/error` */
  initError(request: IncomingMessage, response: ServerResponse): void {
    if (!this.allows('InitError', response)) return;
    this.state = 'InitError';
    this.read(request, (body) => {
      const bytes = body.state === 'complete' ? body.bytes : Buffer.alloc(0);
      this.events.initFailed(initReport(request, bytes));
      send(response, body.state === 'too-large' ? TOO_LARGE : ACCEPTED, body.state !== 'complete');
    });
  }

  private streamed(work: Work, request: IncomingMessage, response: ServerResponse): void {
    this.events.streamStart(request.headers['content-type'] ?? '');
    this.upload = receive(request, {
      chunk: (chunk) => this.events.streamChunk(chunk),
      end: (complete, bytes) => {
        this.upload = undefined;
        const report = (error?: Buffer) => () => this.events.streamEnd(error, undefined);
        if (!complete) return this.sent(response, TRUNCATED, report(truncated(work)), true);
        const large = bytes > (work.stream ? MAX_STREAM_BYTES : MAX_PAYLOAD_BYTES);
        const error = this.trailers(request);
        afterOutput(() => this.sent(response, large ? TOO_LARGE : ACCEPTED, report(error)));
      },
    });
  }

  private trailers(request: IncomingMessage): Buffer | undefined {
    const report = trailerReport(request);
    if (report !== 'not announced') return report?.payload;
    this.events.message(NOT_ANNOUNCED);
    return undefined;
  }

  /** The invocation that a request is about, when it may be answered now; the request is refused otherwise. */
  private running(id: string, step: RuntimeStep, response: ServerResponse): Work | undefined {
    const { current } = this;
    if (current?.requestId !== id) return void send(response, INVALID_REQUEST_ID, false);
    if (!this.allows(step, response)) return undefined;
    this.state = step;
    return current;
  }

  private allows(step: RuntimeStep, response: ServerResponse): boolean {
    const message = refusal(this.state, step);
    if (message !== undefined) send(response, invalidTransition(message), false);
    return message === undefined;
  }

  private read(request: IncomingMessage, done: (body: Body) => void): void {
    readBody(request, MAX_PAYLOAD_BYTES, (body) => {
      if (body.state === 'gone') done(body);
      else afterOutput(() => done(body));
    });
  }

  /** A body that was too large, or was not sent to its end. */
  private unread(body: Exclude<Body, { state: 'complete' }>, work: Work, response: ServerResponse): void {
    const report = (payload: Buffer) => () => this.events.error('response', payload, undefined);
    if (body.state === 'too-large') return this.sent(response, TOO_LARGE, report(tooLarge().payload), !body.ended);
    this.sent(response, TRUNCATED, report(truncated(work)), true);
  }

  private sent(response: ServerResponse, reply: Reply, tell: () => void, close = false): void {
    this.state = 'RuntimeResponseSentState';
    tell();
    send(response, reply, close);
  }

  private wait(response: ServerResponse): void {
    if (this.gaveUp) {
      this.gaveUp = false;
      this.events.message(GAVE_UP);
    }
    this.waiting.push(response);
    response.once('close', () => {
      const at = this.waiting.indexOf(response);
      if (at < 0) return;
      this.waiting.splice(at, 1);
      // Told when it asks again: a process that ends hangs up too.
      this.gaveUp = true;
    });
  }

  private deliver(): void {
    if (!this.offered || this.state !== 'Ready') return;
    const response = this.waiting.shift();
    if (!response) return;
    this.current = this.offered;
    this.offered = undefined;
    this.state = 'Running';
    send(response, eventReply(this.current), false);
  }
}

/** What was not sent to its end. It is told at once: its process may have ended too, and would be told first. */
function truncated(work: Work): Buffer {
  return failed('Runtime.TruncatedResponse', TRUNCATED_MESSAGE, work);
}

function failed(type: string, message: string, { requestId }: Work): Buffer {
  return hostError(type, message, requestId);
}

/**
 * What the process has printed before it answered is read in the same turn of the event loop as its answer, in any order:
 * the answer waits for the end of the turn, so that the log of an invocation is whole.
 */
function afterOutput(callback: () => void): void {
  setImmediate(callback);
}
