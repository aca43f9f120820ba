import { read } from './call.js';
import { functionNotFound, invalidParameter, provisionedNotFound } from './errors.js';
import { LATEST, qualifiedArn, reference, type FunctionReference } from './names.js';
import { page } from './paging.js';
import { noAlias } from './read-functions.js';
import { lambdaTime } from './revisions.js';
import type { Call } from './call.js';

/** Concurrency: reserved, provisioned, the account's. */

/** Of an account, in bytes [D]; nothing here takes up any of it. */
const CODE_LIMITS = { TotalCodeSize: 80_530_636_800, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800 };

/** Configs of a page at most [D]. */
const PAGE = 50;

export const getFunctionConcurrency = read(
  'GetFunctionConcurrency',
  '/2019-09-30/functions/{FunctionName}/concurrency',
  (call) => {
    const { name } = call.function('GetFunctionConcurrency');
    const { reserved } = call.config(name);
    return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
  },
);

const PROVISIONED = '/2019-09-30/functions/{FunctionName}/provisioned-concurrency';

/** One path for two operations: `?List=ALL` tells them apart [D]. */
export const getProvisionedConcurrencyConfig = read('GetProvisionedConcurrencyConfig', PROVISIONED, (call) =>
  call.query.get('List') === 'ALL' ? allProvisioned(call) : oneProvisioned(call),
);

function oneProvisioned(call: Call): object {
  const qualifier = call.query.get('Qualifier') ?? undefined;
  const asked = reference(call.param('FunctionName'), qualifier, 'GetProvisionedConcurrencyConfig');
  mustBeAlias(call, asked);
  const provisioned = provisionedOf(call, asked.name);
  if (!provisioned) throw provisionedNotFound();
  return provisioned;
}

/** The service has it on aliases and versions only; here there are no versions [R]. */
function mustBeAlias(call: Call, { name, qualifier }: FunctionReference): void {
  if (qualifier === undefined || qualifier === LATEST) {
    throw invalidParameter('The function resource provided must be an alias or a published version.');
  }
  if (/^\d+$/.test(qualifier)) throw functionNotFound(qualifiedArn({ name, qualifier }));
  if (!call.known.aliases(name).includes(qualifier)) throw noAlias(name, qualifier);
}

function allProvisioned(call: Call): object {
  const { name } = call.function('ListProvisionedConcurrencyConfigs');
  const provisioned = provisionedOf(call, name);
  const all = provisioned ? call.known.aliases(name) : [];
  const { items, next } = page(all, call.query, PAGE);
  return {
    ProvisionedConcurrencyConfigs: items.map((qualifier) => ({
      FunctionArn: qualifiedArn({ name, qualifier }),
      ...provisioned,
    })),
    ...next,
  };
}

function provisionedOf(call: Call, name: string): object | undefined {
  const config = call.config(name);
  const { provisioned } = config;
  if (provisioned === 0) return undefined;
  return {
    RequestedProvisionedConcurrentExecutions: provisioned,
    AvailableProvisionedConcurrentExecutions: provisioned,
    AllocatedProvisionedConcurrentExecutions: provisioned,
    Status: 'READY',
    LastModified: lambdaTime(call.api.revisions.of(config).at),
  };
}

export const getAccountSettings = read('GetAccountSettings', '/2016-08-19/account-settings', ({ api }) => {
  const names = api.dispatcher.names();
  const reserved = names.reduce((sum, name) => sum + (api.functions(name)?.reserved ?? 0), 0);
  const concurrency = api.concurrency();
  return {
    AccountLimit: {
      ...CODE_LIMITS,
      ConcurrentExecutions: concurrency,
      UnreservedConcurrentExecutions: Math.max(0, concurrency - reserved),
    },
    AccountUsage: { TotalCodeSize: 0, FunctionCount: names.length },
  };
});
