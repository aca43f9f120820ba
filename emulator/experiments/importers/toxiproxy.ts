import { z } from 'zod';
import { downFault, toxicFault, toxicSchema } from '../foreign/toxics.js';
import { isFields } from '../foreign/values.js';
import type { DraftFault, ImportContext, Importer } from './types.js';

/**
 * Toxiproxy: the list of proxies of its `-config` file and of `/populate`, the map that `GET /proxies` answers, or one proxy, with
 * the toxics on them. No proxy is started: the faults are on the handlers' own connections to the upstream.
 */

const proxy = z.looseObject({
  name: z.string().optional(),
  listen: z.string().optional(),
  upstream: z.string().min(1),
  enabled: z.boolean().default(true),
  toxics: z.array(toxicSchema).default([]),
});
type Proxy = z.output<typeof proxy>;

/** Each proxy with where it is in the document. */
type Document = readonly (readonly [readonly (string | number)[], Proxy])[];

const one = proxy.transform((given): Document => [[[], given]]);
const list = z.array(proxy).transform((given): Document => given.map((each, i) => [[i], each]));
const map = z
  .record(z.string(), proxy)
  .transform((given): Document => Object.entries(given).map(([key, each]) => [[key], each]));

const isProxy = (value: unknown): boolean => isFields(value) && 'upstream' in value;

export const toxiproxy: Importer<Document> = {
  title: 'Toxiproxy',
  looksFor: 'proxies with an upstream',
  recognises(value) {
    if (Array.isArray(value)) return value.length > 0 && value.every(isProxy);
    return isProxy(value) || (isFields(value) && Object.keys(value).length > 0 && Object.values(value).every(isProxy));
  },
  schemaOf: (value) => (Array.isArray(value) ? list : isProxy(value) ? one : map),
  read(proxies, context) {
    const faults = proxies.flatMap(([path, each]) => faultsOf(each, path, context));
    const names = proxies.map(([, { name, upstream }]) => name ?? upstream);
    return { title: `It survives what happens to ${names.join(', ')} (Toxiproxy)`, faults };
  },
};

function faultsOf(
  { name, listen, upstream, enabled, toxics }: Proxy,
  path: readonly (string | number)[],
  { leaveOut, function: target }: ImportContext,
): DraftFault[] {
  const on = target === undefined ? {} : { function: target };
  if (listen !== undefined) {
    leaveOut(
      [...path, 'listen'],
      `nothing listens on ${listen}: faults are on the connections to ${upstream} themselves`,
      `Let the functions connect to ${upstream}.`,
    );
  }
  // A disabled proxy refuses every connection; its toxics have nothing to act on.
  if (!enabled) return [{ spec: { ...downFault(upstream), ...on }, at: 0 }];
  if (toxics.length === 0) leaveOut(path, `${name ?? upstream} has no toxics`, 'Add one, or disable the proxy.');
  return toxics.flatMap((toxic, i) => {
    const spec = toxicFault(toxic, upstream, [...path, 'toxics', i], leaveOut);
    return spec ? [{ spec: { ...spec, ...on }, at: 0 }] : [];
  });
}
