import type { SourceCode } from 'eslint';
import type { TextEdit } from '../../../emulator/contract/findings.js';
import type { CallLike } from './ast.js';
import { unwrap } from './ast.js';

/**
 * The edit that gives a call one more option: into the literal that is there, or as the argument that is missing.
 * Undefined where the options are not a literal, since the edit would then have to guess.
 */
export function addOption(source: SourceCode, call: CallLike, index: number, text: string): TextEdit | undefined {
  const options = call.arguments[index];
  if (options !== undefined) {
    const node = unwrap(options);
    if (node.type !== 'ObjectExpression') return undefined;
    const last = node.properties.at(-1);
    if (last === undefined) return { start: node.range[0], end: node.range[1], text: `{ ${text} }` };
    return { start: last.range[1], end: last.range[1], text: `, ${text}` };
  }
  if (call.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
  const filled = Array.from({ length: index - call.arguments.length }, () => 'undefined');
  const added = [...filled, `{ ${text} }`].join(', ');
  const last = call.arguments.at(-1);
  if (last !== undefined) return { start: last.range[1], end: last.range[1], text: `, ${added}` };
  const close = call.range[1] - 1;
  if (source.text[close] === ')') return { start: close, end: close, text: added };
  return { start: call.range[1], end: call.range[1], text: `(${added})` };
}
