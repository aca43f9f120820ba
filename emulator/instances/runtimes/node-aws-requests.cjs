'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, like the bootstrap that loads it */
// What an outbound request asks of which AWS service, and in which protocol, as far as the request itself tells. The facts of
// the services are in aws-services.json. `python-aws-requests.py` is the same for Python: change both.
//
// A request is { method, host, port, path, header(name), body }: `path` with its query, `body` its text as far as known.

const { URLSearchParams } = require('url');
const facts = require('./aws-services.json');

/** Names are compared without case, spaces, dashes and underscores: `CloudWatch Logs` is `cloudwatch-logs`. */
const plain = (name) => name.toLowerCase().replace(/[ _-]/g, '');
exports.plain = plain;

const SERVICES = Object.entries(facts.services).map(([id, service]) => ({ id, ...service }));
const byTarget = new Map(SERVICES.flatMap((service) => (service.target ? [[service.target, service]] : [])));
const byName = new Map(
  SERVICES.flatMap((service) => [service.id, ...service.names].map((name) => [plain(name), service])).reverse(),
);

/** The name that the request is signed for: of the credential's scope, in the header or in a presigned URL. */
function signedFor(request, query) {
  const scope =
    /Credential=([^,\s]+)/.exec(request.header('authorization') ?? '')?.[1] ?? query.get('X-Amz-Credential');
  const parts = scope?.split('/');
  // A key, a date, a region (not with SigV4a), the service, aws4_request.
  return parts?.at(-1) === 'aws4_request' ? parts.at(-2) : undefined;
}

/** `dynamodb` of dynamodb.us-east-1.amazonaws.com, `s3` of bucket.s3-us-west-2.amazonaws.com. */
function ofHost(host) {
  const labels = /^(.+)\.amazonaws\.com(?:\.cn)?$/.exec(host.toLowerCase())?.[1].split('.');
  if (labels === undefined) return undefined;
  const names = labels.filter((label) => !/^[a-z]{2}(-[a-z]+)+-\d$|^dualstack$/.test(label));
  const [last = '', before] = [names.at(-1)?.replace(/-fips$|-[a-z]{2}-[a-z]+-\d$/, ''), names.at(-2)];
  const known = SERVICES.some((service) => service.host === `${before}.${last}`);
  return known ? `${before}.${last}` : last;
}

/** The one service whose AWS_ENDPOINT_URL_… leads to this host. */
function ofEndpoint({ host, port }) {
  const prefix = 'AWS_ENDPOINT_URL_';
  const names = Object.keys(process.env).filter((name) => {
    if (!name.startsWith(prefix) || !URL.canParse(process.env[name])) return false;
    const url = new URL(process.env[name]);
    return url.hostname === host && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port;
  });
  return names.length === 1 ? byName.get(plain(names[0].slice(prefix.length))) : undefined;
}

/** The services that it may be for, the likeliest first. */
function candidates(request, target, rpc, query) {
  if (target !== undefined && byTarget.has(target)) return [byTarget.get(target)];
  if (rpc !== undefined && byTarget.has(rpc)) return [byTarget.get(rpc)];
  const named = ofHost(request.host);
  const signed = signedFor(request, query);
  const name = signed ?? named;
  if (name === undefined) return [ofEndpoint(request)].filter(Boolean);
  const found = SERVICES.filter((service) => service.signs === name || service.host === name);
  const better = found.filter((service) => service.host === named || plain(service.id) === plain(name));
  return found.length > 0 ? [...better, ...found.filter((one) => !better.includes(one))] : [{ id: name, names: [] }];
}

const expressions = new Map();
function fits(template, path) {
  let expression = expressions.get(template);
  if (expression === undefined) {
    const source = template.replace(/[.$-]/g, '\\$&').replaceAll('{}', '[^/]+').replaceAll('{*}', '.+');
    expressions.set(template, (expression = new RegExp(`^${source}/?$`)));
  }
  return expression.test(path);
}

function holds(condition, request, query) {
  if (condition[0] !== '?') return request.header(condition) !== undefined;
  const [key, value] = condition.slice(1).split('=');
  return value === undefined ? query.has(key) : query.get(key) === value;
}

/** S3 also has the bucket in the host: bucket.s3.us-east-1.amazonaws.com/key is /bucket/key. */
function pathOf(id, host, pathname) {
  const virtual = id === 's3' && /^.+\.s3(express[a-z0-9-]*)?[.-].*amazonaws\.com/.test(host);
  return virtual ? `/bucket${pathname}` : pathname;
}

/** Of a service whose routes are known. @returns { service, operation } */
function byRoute(services, request, pathname, query) {
  for (const service of services) {
    const path = pathOf(service.id, request.host, pathname);
    for (const [method, template, operation, ...conditions] of facts.routes[service.id] ?? []) {
      if (method !== request.method || !fits(template, path)) continue;
      if (conditions.every((condition) => holds(condition, request, query))) return { service, operation };
    }
  }
  return undefined;
}

function protocolOf(service, request, { rpc, target, form }) {
  if (rpc !== undefined) return 'cbor';
  if (target !== undefined) return request.header('content-type')?.endsWith('1.1') ? 'json-1.1' : 'json-1.0';
  if (service.id === 's3') return 's3';
  if (form) return service.signs === 'ec2' ? 'ec2' : 'query';
  return facts.xml.includes(service.id) ? 'rest-xml' : 'rest-json';
}

/**
 * @returns { service, names, operation, protocol, undecided }, or undefined for what is no request of an AWS SDK; `undecided`
 *   while the body has to tell the operation
 */
exports.identify = function identify(request) {
  const [pathname, search = ''] = request.path.split('?');
  const query = new URLSearchParams(search);
  const [, target, called] = /^([\w.]+)\.(\w+)$/.exec(request.header('x-amz-target') ?? '') ?? [];
  const [, rpc, asked] = /\/service\/([^/]+)\/operation\/([^/]+)$/.exec(pathname) ?? [];
  const services = candidates(request, target, rpc, query);
  if (services.length === 0) return undefined;
  const posted = /^application\/x-www-form-urlencoded/.test(request.header('content-type') ?? '');
  const form = target === undefined && (posted || query.has('Action'));
  const inBody = posted ? new URLSearchParams(request.body ?? '').get('Action') : null;
  const routed = form || target || rpc ? undefined : byRoute(services, request, pathname, query);
  const service = routed?.service ?? services[0];
  return {
    service: service.id,
    names: new Set([service.id, ...service.names].map(plain)),
    operation: called ?? asked ?? query.get('x-id') ?? query.get('Action') ?? inBody ?? routed?.operation,
    protocol: protocolOf(service, request, { rpc, target, form }),
    undecided: form && posted && !query.has('Action') && request.body === undefined,
  };
};
