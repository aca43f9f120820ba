import { FaultlineError } from '../contract/errors.js';
import type { FaultSpec } from '../contract/faults.js';
import { kindNamed } from './validate.js';

/**
 * Faults that a request asks for itself, in a header: JSON of a fault or of a list of them, or for people
 * `latency ms=500; network mode=reset`.
 */

/** @throws FaultlineError FAULT_INVALID */
export function requestSpecs(header: string): readonly FaultSpec[] {
  const text = header.trim();
  if (text.startsWith('{') || text.startsWith('[')) return fromJson(text);
  return text.split(';').flatMap((part) => (part.trim() === '' ? [] : [fromWords(part.trim())]));
}

function fromJson(text: string): readonly FaultSpec[] {
  try {
    return [JSON.parse(text) as FaultSpec | FaultSpec[]].flat();
  } catch (error) {
    throw new FaultlineError('FAULT_INVALID', `The fault of the request is no JSON: ${(error as Error).message}`, {
      hint: 'Write for example {"kind":"latency","params":{"ms":500}}, or latency ms=500.',
    });
  }
}

function fromWords(text: string): FaultSpec {
  const [kind = '', ...settings] = text.split(/\s+/);
  kindNamed(kind);
  const params: Record<string, unknown> = {};
  for (const setting of settings) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (key === undefined || value === undefined) {
      throw new FaultlineError('FAULT_INVALID', `The fault of the request: "${setting}" is no key=value`, {
        hint: 'Write for example latency ms=500.',
      });
    }
    Object.defineProperty(params, key, { value: scalarOf(value), enumerable: true });
  }
  return { kind, params };
}

function scalarOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
