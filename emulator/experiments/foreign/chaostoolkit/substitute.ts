import type { LeaveOut } from '../../importers/types.js';
import { isFields, type Fields } from '../values.js';

/**
 * `${name}` in texts stands for a value of the configuration, which may come from the environment. Secrets are never filled in:
 * what is imported is written to a file.
 */
export class Substitution {
  readonly #values = new Map<string, unknown>();
  readonly #secrets: ReadonlySet<string>;
  readonly #leaveOut: LeaveOut;
  readonly #told = new Set<string>();

  constructor(
    configuration: Fields,
    secrets: Fields,
    env: Readonly<Record<string, string | undefined>>,
    leaveOut: LeaveOut,
  ) {
    this.#leaveOut = leaveOut;
    this.#secrets = new Set(Object.values(secrets).flatMap((each) => (isFields(each) ? Object.keys(each) : [])));
    for (const [name, given] of Object.entries(configuration)) {
      const value = configured(given, env);
      if (value !== undefined) this.#values.set(name, value);
    }
    // One value may refer to another.
    for (const [name, value] of this.#values) this.#values.set(name, this.#filled(value, undefined));
  }

  /** The experiment with every reference filled in; the configuration and the secrets stay as they are. */
  fill<T extends Fields>(experiment: T): T {
    const filled = Object.entries(experiment).map(([key, value]) => [
      key,
      key === 'configuration' || key === 'secrets' ? value : this.#filled(value, [key]),
    ]);
    return Object.fromEntries(filled) as T;
  }

  #filled(value: unknown, path: readonly (string | number)[] | undefined): unknown {
    if (typeof value === 'string') return this.#text(value, path);
    if (Array.isArray(value)) return value.map((each, i) => this.#filled(each, path && [...path, i]));
    if (!isFields(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.#filled(each, path && [...path, key])]),
    );
  }

  #text(text: string, path: readonly (string | number)[] | undefined): unknown {
    // Alone, a reference keeps the type of the value.
    const [, whole] = /^\$\{(\w+)\}$/.exec(text) ?? [];
    if (whole !== undefined && this.#values.has(whole)) return this.#values.get(whole);
    return text.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
      if (this.#values.has(name)) return String(this.#values.get(name));
      if (path) this.#unknown(name, path);
      return reference;
    });
  }

  #unknown(name: string, path: readonly (string | number)[]): void {
    if (this.#told.has(name)) return;
    this.#told.add(name);
    if (this.#secrets.has(name)) {
      this.#leaveOut(
        path,
        `\${${name}} is a secret, and a secret is not written to a file`,
        'Put it in where you run it.',
      );
    } else {
      this.#leaveOut(path, `\${${name}} has no value`, `Give it in configuration, or set its environment variable.`);
    }
  }
}

/** A value of the configuration; undefined when it has to come from where we do not look (a vault, a file). */
function configured(given: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  if (!isFields(given) || typeof given['type'] !== 'string') return given;
  if (given['type'] !== 'env') return undefined;
  const text = typeof given['key'] === 'string' ? env[given['key']] : undefined;
  if (text === undefined) return given['default'];
  switch (given['env_var_type']) {
    case 'int':
    case 'float':
      return Number(text);
    case 'bool':
      return text === 'true' || text === '1';
    default:
      return text;
  }
}
