import type { FaultMatch, FaultSpec, PICKS, ValueMatch } from './faults.js';

/**
 * What people type for a fault's match and pick: one short form for the command line and the editor.
 *
 *   route=POST /orders   header.x-tenant=acme   event.$.sku^=ap   event.$.sku~=^a.*e$   header.x-debug   !event.$.coupon
 */

export class FaultTextError extends Error {
  override readonly name = 'FaultTextError';
}

const FORM = 'write KEY=value, KEY^=start, KEY~=regex, KEY or !KEY';
const KEYS = 'route, version, alias, instance, header.NAME, event.PATH';

/** `!KEY`, `KEY`, `KEY=value`, `KEY^=value`, `KEY~=value`; a path may have `=` only in its value. */
const CONDITION = /^(!?)([^=^~]+?)\s*(?:(\^=|~=|=)\s*(.*))?$/s;

/**
 * Adds a condition to a match.
 * @throws FaultTextError that says what to write
 */
export function withCondition(match: FaultMatch, text: string): FaultMatch {
  const [, not = '', key = '', operator, value = ''] = CONDITION.exec(text.trim()) ?? [];
  if (key === '' || (not !== '' && operator !== undefined)) throw new FaultTextError(`"${text}": ${FORM}`);
  const [, part, name] = /^(header|event)\.(.+)$/s.exec(key) ?? [];
  if (part === undefined || name === undefined) return withPlain(match, key, operator, value, text);
  const condition = conditionOf(not, operator, value);
  const field = part === 'header' ? 'headers' : 'event';
  return { ...match, [field]: { ...match[field], [name]: condition } };
}

function withPlain(match: FaultMatch, key: string, operator: string | undefined, value: string, text: string) {
  if (operator !== '=' || value === '') throw new FaultTextError(`"${text}": ${FORM}; keys: ${KEYS}`);
  if (key === 'version') return { ...match, version: Number(value) };
  if (key === 'route' || key === 'alias' || key === 'instance') return { ...match, [key]: value };
  throw new FaultTextError(`"${key}" is nothing to match by; keys: ${KEYS}`);
}

function conditionOf(not: string, operator: string | undefined, value: string): ValueMatch {
  if (operator === undefined) return { exists: not === '' };
  if (operator === '^=') return { startsWith: value };
  return operator === '~=' ? { regex: value } : scalar(value);
}

/** Numbers, booleans and null as what they are: the engine takes a header's text "7" for 7 as well. */
function scalar(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return text !== '' && text.trim() === text && String(Number(text)) === text ? Number(text) : text;
}

/**
 * Conditions separated by `;`. @returns undefined for none
 * @throws FaultTextError that says what to write
 */
export function parseConditions(text: string): FaultMatch | undefined {
  const parts = text.split(';').filter((part) => part.trim() !== '');
  if (parts.length === 0) return undefined;
  return parts.reduce<FaultMatch>(withCondition, {});
}

type Picked = Pick<FaultSpec, (typeof PICKS)[number]>;

/**
 * `all`, `first 3`, `every 2`, `nth 5`, `hit hit pass`.
 * @throws FaultTextError that says what to write
 */
export function parsePick(text: string): Picked {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'all') return {};
  const [, name, number] = /^(first|every|nth)\s+(\d+)$/.exec(trimmed) ?? [];
  if (name !== undefined && Number(number) >= 1) return { [name]: Number(number) };
  if (/^(hit|pass)([\s,]+(hit|pass))*$/.test(trimmed))
    return { sequence: trimmed.split(/[\s,]+/) as ('hit' | 'pass')[] };
  throw new FaultTextError(`"${text}": write all, first 3, every 2, nth 5, or a sequence such as hit hit pass`);
}
