import type { Fix, TextEdit } from '../../../emulator/contract/findings.js';
import { addKeyword, findKeyword } from '../../analysis/python/calls.js';
import { pythonHandlerNameFor } from '../../analysis/python/handlers.js';
import { pyOutboundOf } from '../../analysis/python/outbound/index.js';
import type { PyOutbound } from '../../analysis/python/outbound/index.js';
import { child } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix, isIgnored, suggestedBound } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Reports the clients and resources of boto3 that nothing bounds: one finding a client, where it is made. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const each of pyOutboundOf(context.module, context.around.installed).all) {
          if (each.state.kind !== 'unbounded' || each.known.fact.rule !== 'aws-client-default') continue;
          if (!isIgnored(context.options, each.dependency)) report(context, each);
        }
      },
    };
  },
};

function report(context: PythonContext, { node, known, dependency }: PyOutbound): void {
  const { service } = dependency;
  const handler = pythonHandlerNameFor(context.module, node);
  const callee = context.module.text(child(node, 'function')).replace(/\s+/g, '');
  context.report({
    at: node,
    message: 'default',
    data: {
      client: service === undefined ? `\`${callee}\`` : `\`${callee}("${service}")\``,
      byDefault:
        service === 'dynamodb'
          ? 'it waits 60 s to connect and 60 s for an answer, ten times over'
          : known.fact.byDefault,
      write: known.fact.write,
    },
    fixes: fixesFor(context, node),
    dependency,
    ...(handler === undefined ? {} : { handler }),
  });
}

/** Two attempts that fit into the function's time, connecting included. Not safe: what took longer now fails. */
function fixesFor(context: PythonContext, node: PyNode): Fix[] {
  const { module } = context;
  const seconds = suggestedBound(context.functionTimeout).ms / 2000;
  const connect = Math.min(1, tenths(seconds / 2));
  const limits = `connect_timeout=${String(connect)}, read_timeout=${String(tenths(seconds - connect))}, retries={"total_max_attempts": 2}`;
  const config = findKeyword(module, node, ['config']);
  if (config.state === 'present') return inConfig(context, config.value, limits);
  const name = importedAs(context);
  const edit = addKeyword(module, node, `config=${name ?? 'Config'}(${limits})`);
  const imported = name === undefined ? importEdit(context, node) : [];
  if (edit === undefined || imported === undefined) return [];
  return [fix('Add a `Config` with limits', false, ...imported, edit)];
}

function tenths(seconds: number): number {
  return Math.max(0.1, Math.floor(seconds * 10) / 10);
}

/** A `Config` of the same file that sets other things gets the limits. */
function inConfig(context: PythonContext, value: PyNode, limits: string): Fix[] {
  const { module } = context;
  const creation = module.origins.of(value)?.creation;
  if (creation === undefined || module.ownerOf(creation) !== module) return [];
  const retries = findKeyword(module, creation, ['retries']).state !== 'absent';
  const edit = addKeyword(module, creation, retries ? limits.replace(/, retries=.*$/, '') : limits);
  return edit === undefined ? [] : [fix('Add limits to its `Config`', false, edit)];
}

/** The name under which the file has botocore's `Config`. */
function importedAs({ module }: PythonContext): string | undefined {
  for (const [name, { module: from, member }] of module.names.imports) {
    if (member === 'Config' && /^botocore\.(config|client)$/.test(from)) return name;
  }
  return undefined;
}

/** The import of `Config`, after that of boto3; undefined where there is no good place, or the name is taken. */
function importEdit({ module }: PythonContext, node: PyNode): TextEdit[] | undefined {
  if (module.names.imports.has('Config') || module.names.top('Config') !== undefined) return undefined;
  const place = module.root.children.find(
    (each) =>
      /^import_(from_)?statement$/.test(each.type) &&
      each.end < node.start &&
      /\bboto(3|core)\b/.test(module.text(each)),
  );
  if (place === undefined || !/^[ \t]*(#.*)?(\r?\n|$)/.test(module.source.slice(place.end))) return undefined;
  return [{ start: place.end, end: place.end, text: '\nfrom botocore.config import Config' }];
}
