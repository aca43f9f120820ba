'use strict';
// What a Node handler gets as its context: the properties of the vendor's client, in its order [S].

// As it is when nobody has skewed it.
const { now } = Date;
// Read once: every read of process.env is a call into the system.
const FUNCTION_VERSION = process.env.AWS_LAMBDA_FUNCTION_VERSION;
const FUNCTION_NAME = process.env.AWS_LAMBDA_FUNCTION_NAME;
const MEMORY_SIZE = process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
const LOG_GROUP = process.env.AWS_LAMBDA_LOG_GROUP_NAME;
const LOG_STREAM = process.env.AWS_LAMBDA_LOG_STREAM_NAME;

function clientContextOf(text) {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ClientContext as json: ${error}`, { cause: error });
  }
}

// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what makes a private field of an object of another class
const Given = class {
  constructor(object) {
    return object;
  }
};
/**
 * `callbackWaitsForEmptyEventLoop` is an accessor of every context. Its functions are the same for all of them, and find
 * their invocation by a private field of the plain object: functions of its own for each context cost ten times as much.
 */
class Belongs extends Given {
  #call;

  constructor(context, call) {
    super(context);
    this.#call = call;
  }

  /** Also of an object that has a context as its prototype. */
  static to(object) {
    return #call in object ? object.#call : Belongs.to(Object.getPrototypeOf(object));
  }
}

const WAITS = {
  configurable: true,
  enumerable: true,
  get() {
    return Belongs.to(this).waits;
  },
  set(value) {
    Belongs.to(this).waits = value;
  },
};

/** What the handler gets as its context. @param ways of ending the invocation; a streaming handler has none of them */
exports.contextOf = function contextOf(call, head, ways) {
  const context = Object.defineProperty({}, 'callbackWaitsForEmptyEventLoop', WAITS);
  if (ways !== undefined) {
    context.succeed = ways.succeed;
    context.fail = ways.fail;
    context.done = ways.done;
  }
  context.functionVersion = FUNCTION_VERSION;
  context.functionName = FUNCTION_NAME;
  context.memoryLimitInMB = MEMORY_SIZE;
  context.logGroupName = LOG_GROUP;
  context.logStreamName = LOG_STREAM;
  context.clientContext = clientContextOf(head.clientContext);
  context.identity = undefined;
  context.invokedFunctionArn = head.arn;
  context.awsRequestId = head.id;
  context.tenantId = undefined;
  context.getRemainingTimeInMillis = () => head.deadline - now();
  return new Belongs(context, call);
};
