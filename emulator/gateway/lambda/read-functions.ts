import { read, type Call } from './call.js';
import { described, listed } from './describe.js';
import { notInEnum, resourceNotFound } from './errors.js';
import { LATEST, qualifiedArn, reference } from './names.js';
import { page } from './paging.js';

/** What functions there are, and their versions and aliases. */

/** Functions and versions of a page at most [D]. */
const PAGE = 50;

export const listFunctions = read('ListFunctions', '/2015-03-31/functions', ({ api, query }) => {
  const version = query.get('FunctionVersion');
  if (version !== null && version !== 'ALL') throw notInEnum('functionVersion', version, ['ALL']);
  const { items, next } = page(api.dispatcher.names(), query, PAGE);
  const qualifier = version === null ? undefined : LATEST;
  return {
    Functions: items.flatMap((name) => {
      const config = api.functions(name);
      return config ? [listed(api, config, qualifier)] : [];
    }),
    ...next,
  };
});

export const getFunction = read('GetFunction', '/2015-03-31/functions/{FunctionName}', (call) => {
  const { name, qualifier } = call.function('GetFunction');
  const config = call.config(name);
  return {
    Configuration: described(call.api, config, qualifier),
    // Where the code is on this machine is nobody's business who only reaches this port.
    Code: { RepositoryType: 'S3' },
    ...(config.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: config.reserved } }),
  };
});

export const getFunctionConfiguration = read(
  'GetFunctionConfiguration',
  '/2015-03-31/functions/{FunctionName}/configuration',
  (call) => {
    const { name, qualifier } = call.function('GetFunctionConfiguration');
    return described(call.api, call.config(name), qualifier);
  },
);

export const listVersionsByFunction = read(
  'ListVersionsByFunction',
  '/2015-03-31/functions/{FunctionName}/versions',
  (call) => {
    const { name } = call.function('ListVersionsByFunction');
    const { items, next } = page([call.config(name)], call.query, PAGE);
    return { Versions: items.map((config) => listed(call.api, config, LATEST)), ...next };
  },
);

export const listAliases = read('ListAliases', '/2015-03-31/functions/{FunctionName}/aliases', (call) => {
  const { name } = call.function('ListAliases');
  const version = call.query.get('FunctionVersion');
  const all = version === null || version === LATEST ? call.config(name).aliases : [];
  const { items, next } = page(all, call.query, PAGE);
  return { Aliases: items.map((alias) => describedAlias(call, name, alias)), ...next };
});

export const getAlias = read('GetAlias', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', (call) => {
  const { name } = reference(call.param('FunctionName'), undefined, 'GetAlias');
  const alias = call.param('Name');
  if (!call.known.aliases(name).includes(alias)) throw noAlias(name, alias);
  return describedAlias(call, name, alias);
});

/** [R] */
export function noAlias(name: string, alias: string): Error {
  return resourceNotFound(`Cannot find alias arn: ${qualifiedArn({ name, qualifier: alias })}`);
}

function describedAlias({ api }: Call, name: string, alias: string): object {
  const config = api.functions(name);
  return {
    AliasArn: qualifiedArn({ name, qualifier: alias }),
    Name: alias,
    FunctionVersion: LATEST,
    Description: '',
    ...(config ? { RevisionId: api.revisions.of(config).id } : {}),
  };
}
