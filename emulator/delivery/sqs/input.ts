import { invalidParameter, missingParameter, SqsError } from './errors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws SqsError SerializationException, as AWS answers to a member of another type */
export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(name, 'an object');
  return value as JsonObject;
}

function wrongType(name: string, kind: string): SqsError {
  return new SqsError('SerializationException', `${name} is not ${kind}`);
}

/** The JSON of a request, read as the model of the service has it; null means absent. */
export class Input {
  constructor(private readonly members: JsonObject) {}

  has(name: string): boolean {
    return this.members[name] != null;
  }

  raw(name: string): unknown {
    return this.members[name] ?? undefined;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw missingParameter(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.raw(name);
    if (value !== undefined && typeof value !== 'string') throw wrongType(name, 'a string');
    return value;
  }

  /** @param reason what is said of a value out of bounds */
  integer(name: string, from: number, to: number, reason: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer');
    if (value < from || value > to) throw invalidParameter(name, value, reason);
    return value;
  }

  /** Empty when absent. */
  texts(name: string): readonly string[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw wrongType(name, 'a list');
    return value.map((each: unknown) => {
      if (typeof each !== 'string') throw wrongType(name, 'a list of strings');
      return each;
    });
  }

  /** Names and texts; empty when absent. */
  map(name: string): Readonly<Record<string, string>> {
    const entries = Object.entries(asObject(this.raw(name) ?? {}, name));
    for (const [, value] of entries) if (typeof value !== 'string') throw wrongType(name, 'a map of strings');
    return Object.fromEntries(entries) as Record<string, string>;
  }

  /** Empty when absent. */
  objects(name: string): readonly Input[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw wrongType(name, 'a list');
    return value.map((each: unknown) => new Input(asObject(each, name)));
  }
}
