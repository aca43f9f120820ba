import type { ParameterSchema } from '../contract/catalog.js';

/**
 * `--set key=value` by the catalog's schema: numbers, booleans, arrays by comma, objects as JSON. What does not fit its
 * schema stays text, and the emulator says what it should have been.
 */
export function parseValue(text: string, schema: ParameterSchema | undefined): unknown {
  switch (schema?.type) {
    case 'number':
    case 'integer':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array':
      if (text.startsWith('[')) return json(text);
      return text === '' ? [] : text.split(',').map((part) => parseValue(part.trim(), schema.items));
    case 'string':
      return text;
    default:
      // An object, a union, or a key that the kind does not have.
      return json(text);
  }
}

/** Values by their keys; a dot reaches into an object: `match.path=$.sku`. Later ones win. */
export function parseSettings(
  settings: readonly (readonly [key: string, value: string])[],
  schema: ParameterSchema | undefined,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [key, value] of settings) put(params, key.split('.'), value, schema);
  return params;
}

function put(
  into: Record<string, unknown>,
  [key = '', ...rest]: string[],
  value: string,
  schema?: ParameterSchema,
): void {
  const own = Object.hasOwn(schema?.properties ?? {}, key) ? schema?.properties?.[key] : undefined;
  if (rest.length === 0) {
    define(into, key, parseValue(value, own));
    return;
  }
  const there = Object.hasOwn(into, key) ? into[key] : undefined;
  const inner: Record<string, unknown> = isObject(there) ? there : {};
  define(into, key, inner);
  put(inner, rest, value, own);
}

/** `__proto__` is a key like any other here. */
function define(into: object, key: string, value: unknown): void {
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
