import os from 'node:os';
import { RESERVED_VARIABLES, type FunctionConfig } from '../contract/config.js';
import { runtimeFacts } from '../contract/runtimes.js';

/** What a process needs to run at all; nothing else of the developer's environment is handed on. */
const PASSED_ON = ['PATH', 'SystemRoot', 'SystemDrive', 'USERPROFILE'] as const;

/**
 * HOME stays the developer's: interpreters that come from a version manager, and packages installed with `pip --user`, are
 * found below it. What of it could reach a cloud account is switched off by NO_CREDENTIALS.
 */
const HOME = 'HOME';

/** Where AWS SDKs and tools look for credentials, and what they need to use them: handed on with `credentials: inherit`. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SDK_LOAD_CONFIG',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CA_BUNDLE',
] as const;

/** Fake keys, so that a call meant for the real service is refused there instead of done. */
const FAKE_KEYS = {
  AWS_ACCESS_KEY_ID: 'faultline',
  AWS_SECRET_ACCESS_KEY: 'faultline',
  AWS_SESSION_TOKEN: 'faultline',
} as const;

/** No other source of keys either: the files in the home folder, and the metadata service of a machine in the cloud. */
const NO_CREDENTIALS = {
  AWS_CONFIG_FILE: os.devNull,
  AWS_SHARED_CREDENTIALS_FILE: os.devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

const REGION = 'us-east-1';

type Variables = Readonly<Record<string, string>>;

export interface EnvironmentInput {
  readonly function: FunctionConfig;
  /** The function's own variables, resolved. */
  readonly environment: Variables;
  /** Where the emulator itself serves what SDKs call (`AWS_ENDPOINT_URL_SQS` …); the function's own variables win. */
  readonly endpoints: Variables;
  readonly root: string;
  /** Folder of the bootstraps. */
  readonly runtimesDir: string;
  readonly instanceId: string;
  /** Started ahead, by provisioned concurrency. */
  readonly provisioned: boolean;
  /** Absolute path of the instance's temporary folder; undefined when it could not be made. */
  readonly temp: string | undefined;
  /** Epoch ms; the log stream's name has the day. */
  readonly now: number;
  /** The emulator's environment. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/**
 * The environment of an instance: what Lambda reserves over the function's own variables over Lambda's other defaults over
 * the few that every process needs. The developer's credentials reach it only with `credentials: inherit`.
 */
export function lambdaEnvironment(input: EnvironmentInput): Record<string, string> {
  const { inherited, endpoints, environment } = input;
  const real = input.function.credentials === 'inherit';
  const own = Object.entries(environment).filter(([name]) => !RESERVED_VARIABLES.has(name));
  return {
    ...picked(inherited, [...PASSED_ON, HOME]),
    // The locale decides how numbers and dates are written: Lambda's, not the developer's.
    LANG: 'en_US.UTF-8',
    TZ: process.platform === 'win32' ? 'UTC' : ':UTC',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...(real ? undefined : NO_CREDENTIALS),
    ...temporary(input.temp ?? inherited['TMPDIR']),
    ...endpoints,
    ...(real ? picked(inherited, CREDENTIALS) : undefined),
    ...Object.fromEntries(own),
    ...reserved(input),
    ...(real ? region(inherited) : { ...region({}), ...FAKE_KEYS }),
  };
}

function reserved(input: EnvironmentInput): Record<string, string> {
  const { function: fn, instanceId, root, runtimesDir, temp } = input;
  const day = new Date(input.now).toISOString().slice(0, 10).replaceAll('-', '/');
  const { executionEnvironment } = runtimeFacts[fn.runtime];
  return {
    ...(executionEnvironment === undefined ? undefined : { AWS_EXECUTION_ENV: executionEnvironment }),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: input.provisioned ? 'provisioned-concurrency' : 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${instanceId}`,
    LAMBDA_TASK_ROOT: root,
    LAMBDA_RUNTIME_DIR: runtimesDir,
    _HANDLER: fn.handler,
    ...(temp === undefined ? undefined : { FAULTLINE_TMP: temp }),
  };
}

/** Every name by which programs know where temporary files go. */
function temporary(folder: string | undefined): Record<string, string> | undefined {
  return folder === undefined ? undefined : { TMPDIR: folder, TMP: folder, TEMP: folder };
}

function region(from: EnvironmentInput['inherited']): Record<string, string> {
  const name = from['AWS_REGION'] ?? from['AWS_DEFAULT_REGION'] ?? REGION;
  return { AWS_REGION: name, AWS_DEFAULT_REGION: name };
}

function picked(from: EnvironmentInput['inherited'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
