import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import type { FunctionConfig } from '../contract/config.js';
import { RESERVED_VARIABLES } from '../contract/config.js';
import { lambdaEnvironment, type EnvironmentInput } from './environment.js';

const SHELL = {
  PATH: '/usr/bin',
  HOME: '/home/dev',
  TMPDIR: '/var/tmp',
  LANG: 'de_DE.UTF-8',
  TZ: 'Europe/Berlin',
  SECRET: 'mine',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'real',
  AWS_SECRET_ACCESS_KEY: 'real',
  AWS_SESSION_TOKEN: 'real',
  AWS_PROFILE: 'work',
  AWS_SHARED_CREDENTIALS_FILE: '/home/dev/keys',
  AWS_ROLE_ARN: 'arn:aws:iam::1:role/dev',
};

function environment(
  fn: Partial<FunctionConfig> = {},
  own: Record<string, string> = {},
  more: Partial<EnvironmentInput> = {},
) {
  return lambdaEnvironment({
    function: functionConfig(fn),
    environment: own,
    endpoints: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:3000' },
    root: '/workspace',
    runtimesDir: '/faultline/runtimes',
    instanceId: 'i3',
    provisioned: false,
    temp: '/build/tmp-i3',
    now: Date.UTC(2025, 1, 3),
    inherited: SHELL,
    ...more,
  });
}

describe('the environment of an instance', () => {
  it('is Lambda’s', () => {
    expect(environment()).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/dev',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      TMPDIR: '/build/tmp-i3',
      TMP: '/build/tmp-i3',
      TEMP: '/build/tmp-i3',
      FAULTLINE_TMP: '/build/tmp-i3',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_CONFIG_FILE: os.devNull,
      AWS_SHARED_CREDENTIALS_FILE: os.devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:3000',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs',
      AWS_LAMBDA_FUNCTION_NAME: 'counter',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/counter',
      AWS_LAMBDA_LOG_STREAM_NAME: '2025/02/03/[$LATEST]i3',
      LAMBDA_TASK_ROOT: '/workspace',
      LAMBDA_RUNTIME_DIR: '/faultline/runtimes',
      _HANDLER: 'counter.handler',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'faultline',
      AWS_SECRET_ACCESS_KEY: 'faultline',
      AWS_SESSION_TOKEN: 'faultline',
    });
  });

  it('names how it was initialised, and no execution environment for an OS-only runtime', () => {
    expect(environment({}, {}, { provisioned: true })['AWS_LAMBDA_INITIALIZATION_TYPE']).toBe(
      'provisioned-concurrency',
    );
    expect(environment({ runtime: 'provided' })).not.toHaveProperty('AWS_EXECUTION_ENV');
  });

  it('has the function’s own variables over Lambda’s defaults', () => {
    const own = {
      TABLE: 't',
      TZ: 'Asia/Tokyo',
      NODE_OPTIONS: '-r x',
      AWS_ENDPOINT_URL_SQS: 'http://other',
      PATH: '/o',
    };
    expect(environment({}, own)).toMatchObject(own);
  });

  it('never has a reserved variable from the function’s own', () => {
    const own = Object.fromEntries([...RESERVED_VARIABLES].map((name) => [name, 'set by the function']));
    expect(Object.values(environment({}, own))).not.toContain('set by the function');
    expect(Object.values(environment({ credentials: 'inherit' }, own))).not.toContain('set by the function');
  });

  it('hands on the developer’s credentials and region when told so, nothing else of the shell', () => {
    const env = environment({ credentials: 'inherit' });
    expect(env).toMatchObject({
      AWS_ACCESS_KEY_ID: 'real',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      AWS_PROFILE: 'work',
      AWS_SHARED_CREDENTIALS_FILE: '/home/dev/keys',
      AWS_ROLE_ARN: 'arn:aws:iam::1:role/dev',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
    expect(env).not.toHaveProperty('AWS_EC2_METADATA_DISABLED');
    expect(env).not.toHaveProperty('SECRET');
  });

  it('leaves the home folder’s credentials to be found when told so', () => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, AWS_SESSION_TOKEN: _token, ...shell } = SHELL;
    const env = environment({ credentials: 'inherit' }, {}, { inherited: shell });
    expect(env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(env).not.toHaveProperty('AWS_SESSION_TOKEN');
  });

  it('falls back to the machine’s temporary folder', () => {
    const env = environment({}, {}, { temp: undefined });
    expect([env['TMPDIR'], env['FAULTLINE_TMP']]).toEqual(['/var/tmp', undefined]);
  });
});
