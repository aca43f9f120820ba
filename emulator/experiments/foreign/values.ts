/** Looking into values of unknown shape. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name in `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`; a bare name is itself. */
export function functionOfArn(arn: string): { readonly name: string; readonly qualifier?: string } {
  const parts =
    /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)(?::(.+))?$/.exec(arn) ?? /^([^:]+)(?::(.+))?$/.exec(arn);
  const [, name = arn, qualifier] = parts ?? [];
  return { name, ...(qualifier === undefined ? {} : { qualifier }) };
}

/**
 * What an unanchored regular expression over host names finds, as a pattern with `*`.
 * @returns undefined when it takes more than a pattern can say
 */
export function patternOfRegex(source: string): string | undefined {
  const begins = source.startsWith('^');
  const ends = source.endsWith('$');
  const bare = source
    .slice(begins ? 1 : 0, ends ? -1 : undefined)
    // `.` alone is kept as a dot: in `s3.*.amazonaws.com` that is what people mean by it.
    .replace(/\\([.\-/])/g, '$1')
    .replace(/\.[*+]/g, '*');
  if (!/^[\w.:*-]+$/.test(bare)) return undefined;
  return `${begins ? '' : '*'}${bare}${ends ? '' : '*'}`.replace(/\*+/g, '*');
}
