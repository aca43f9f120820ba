import { createHash } from 'node:crypto';
import type { Destination, FunctionConfig } from '../../contract/config.js';
import { runtimeFacts } from '../../contract/runtimes.js';
import { ACCOUNT_ID, functionArn, REGION } from '../../dispatch/types.js';
import type { LambdaApi } from './call.js';
import { LATEST, qualifiedArn } from './names.js';
import { lambdaTime } from './revisions.js';

/** Stands for every value of the environment: this port asks nobody who they are, and values are where secrets are. */
const MASKED = '****';

/** A function as lists have it: without its states [R]. @param qualifier as asked for; it is a part of the ARN [R] */
export function listed(api: LambdaApi, config: FunctionConfig, qualifier?: string): object {
  const { name } = config;
  const revision = api.revisions.of(config);
  const variables = Object.fromEntries(Object.keys(config.environment).map((key) => [key, MASKED]));
  return {
    FunctionName: name,
    FunctionArn: qualifiedArn({ name, qualifier }),
    Runtime: api.runtimeName?.(name) ?? runtimeFacts[config.runtime].lambdaName,
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/faultline`,
    Handler: config.handler,
    CodeSize: 0,
    Description: config.description ?? '',
    Timeout: Math.ceil(config.timeoutMs / 1_000),
    MemorySize: config.memoryMb,
    LastModified: lambdaTime(revision.at),
    CodeSha256: createHash('sha256').update(`${name}\n${config.handler}`).digest('base64'),
    Version: LATEST,
    Environment: { Variables: variables },
    TracingConfig: { Mode: config.tracing === 'active' ? 'Active' : 'PassThrough' },
    RevisionId: revision.id,
    PackageType: 'Zip',
    Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: config.tmpMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    ...(config.deadLetter ? { DeadLetterConfig: { TargetArn: destinationArn(config.deadLetter) } } : {}),
  };
}

/** A function as GetFunctionConfiguration has it: what is configured is there at once. */
export function described(api: LambdaApi, config: FunctionConfig, qualifier?: string): object {
  return { ...listed(api, config, qualifier), State: 'Active', LastUpdateStatus: 'Successful' };
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
}

export function destinationArn({ type, name }: Destination): string {
  return type === 'queue' ? queueArn(name) : functionArn(name);
}
