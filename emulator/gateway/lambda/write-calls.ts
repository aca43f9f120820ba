import type { Operation } from './call.js';
import { invalidParameter } from './errors.js';

/** What would change functions. They are what the config file says, so such a call is refused with where to go instead. */

const WHERE = 'Functions are declared in the configuration file (faultline.yaml): a saved edit takes effect at once.';

function refused(name: string, method: Operation['method'], path: string): Operation {
  return {
    name,
    method,
    path,
    run() {
      throw invalidParameter(`${name} is not served here. ${WHERE}`);
    },
  };
}

const FUNCTIONS = '/2015-03-31/functions';
const ONE = `${FUNCTIONS}/{FunctionName}`;
const MAPPINGS = '/2015-03-31/event-source-mappings';
const URL_CONFIG = '/2021-10-31/functions/{FunctionName}/url';
const INVOKE_CONFIG = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const PROVISIONED = '/2019-09-30/functions/{FunctionName}/provisioned-concurrency';
const RESERVED = '/2017-10-31/functions/{FunctionName}/concurrency';

export const writeCalls: readonly Operation[] = [
  refused('CreateFunction', 'POST', FUNCTIONS),
  refused('DeleteFunction', 'DELETE', ONE),
  refused('UpdateFunctionCode', 'PUT', `${ONE}/code`),
  refused('UpdateFunctionConfiguration', 'PUT', `${ONE}/configuration`),
  refused('PublishVersion', 'POST', `${ONE}/versions`),
  refused('CreateAlias', 'POST', `${ONE}/aliases`),
  refused('UpdateAlias', 'PUT', `${ONE}/aliases/{Name}`),
  refused('DeleteAlias', 'DELETE', `${ONE}/aliases/{Name}`),
  refused('AddPermission', 'POST', `${ONE}/policy`),
  refused('RemovePermission', 'DELETE', `${ONE}/policy/{StatementId}`),
  refused('PutFunctionConcurrency', 'PUT', RESERVED),
  refused('DeleteFunctionConcurrency', 'DELETE', RESERVED),
  refused('PutProvisionedConcurrencyConfig', 'PUT', PROVISIONED),
  refused('DeleteProvisionedConcurrencyConfig', 'DELETE', PROVISIONED),
  refused('CreateFunctionUrlConfig', 'POST', URL_CONFIG),
  refused('UpdateFunctionUrlConfig', 'PUT', URL_CONFIG),
  refused('DeleteFunctionUrlConfig', 'DELETE', URL_CONFIG),
  refused('PutFunctionEventInvokeConfig', 'PUT', INVOKE_CONFIG),
  refused('UpdateFunctionEventInvokeConfig', 'POST', INVOKE_CONFIG),
  refused('DeleteFunctionEventInvokeConfig', 'DELETE', INVOKE_CONFIG),
  refused('CreateEventSourceMapping', 'POST', MAPPINGS),
  refused('UpdateEventSourceMapping', 'PUT', `${MAPPINGS}/{UUID}`),
  refused('DeleteEventSourceMapping', 'DELETE', `${MAPPINGS}/{UUID}`),
  refused('TagResource', 'POST', '/2017-03-31/tags/{Resource}'),
  refused('UntagResource', 'DELETE', '/2017-03-31/tags/{Resource}'),
];
