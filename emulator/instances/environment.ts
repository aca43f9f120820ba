import type { FunctionConfig } from '../contract/config.js';

/** What a process needs to run at all; nothing else of the developer's environment is handed on. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'SystemDrive',
  'USERPROFILE',
] as const;

const REGION = 'us-east-1';

const EXECUTION_ENV = { node: 'nodejs', python: 'python', provided: 'provided' } as const;

export interface EnvironmentInput {
  readonly function: FunctionConfig;
  /** The function's own variables, resolved. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the emulator itself serves what SDKs call (`AWS_ENDPOINT_URL_SQS` …); the function's own variables win. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly root: string;
  readonly instanceId: string;
  /** Epoch ms; the log stream's name has the day. */
  readonly now: number;
  /** The emulator's environment. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/**
 * The environment of an instance: Lambda's variables over the function's own over the few that every process needs. The
 * developer's credentials never reach it: fake ones stand in, so that a call meant for the real service is refused there
 * instead of done; a function that sets its own keeps them.
 */
export function lambdaEnvironment(input: EnvironmentInput): Record<string, string> {
  const { function: fn, instanceId } = input;
  const day = new Date(input.now).toISOString().slice(0, 10).replaceAll('-', '/');
  const base: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = input.inherited[name];
    if (value !== undefined) base[name] = value;
  }
  return {
    ...base,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'faultline',
    AWS_SECRET_ACCESS_KEY: 'faultline',
    TZ: 'UTC',
    ...input.endpoints,
    ...input.environment,
    AWS_EXECUTION_ENV: `AWS_Lambda_${EXECUTION_ENV[fn.runtime]}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${instanceId}`,
    LAMBDA_TASK_ROOT: input.root,
    _HANDLER: fn.handler,
  };
}
