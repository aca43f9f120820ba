import type { z } from 'zod';
import { isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { ErrorPlace } from './contract/errors.js';
import { nearest } from './contract/nearest.js';

/** Where a zod issue is in the YAML text that it was found in. */

export interface PlacedIssue {
  readonly message: string;
  readonly place: ErrorPlace;
}

type Path = readonly PropertyKey[];

/** The key or value at `path`; the deepest that exists, when the path leads to something that is missing. */
function nodeAt(document: Document, path: Path, unknownKey?: string): Node | null {
  let node: unknown = document.contents;
  let best: Node | null = document.contents;
  for (const part of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) return best;
      best = pair.key as Node;
      node = pair.value;
      if (isScalar(node)) best = node;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      best = (node as Node | undefined) ?? best;
    } else return best;
  }
  if (unknownKey !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === unknownKey);
    return (pair?.key as Node | undefined) ?? best;
  }
  return best;
}

/** `functions.counter.events[0].http` */
export function keyPath(path: Path): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function place(document: Document, lines: LineCounter, file: string, path: Path, unknownKey?: string): ErrorPlace {
  const key = keyPath(unknownKey === undefined ? path : [...path, unknownKey]);
  const offset = nodeAt(document, path, unknownKey)?.range?.[0];
  if (offset === undefined) return { file, ...(key ? { key } : {}) };
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col, ...(key ? { key } : {}) };
}

/**
 * What a union's closest branch says, at its own place: "not a duration" beats "invalid input", and a misspelt key of the
 * long form beats "expected a text". A wrong name of a map's entry is told as its pattern tells it.
 */
function expand(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.filter((branch) => branch.length > 0);
    const close = branches.find((branch) => !branch.every((each) => each.code === 'invalid_type' && !each.path.length));
    const inner = (close ?? branches[0] ?? []).map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
    return inner.length > 0 ? inner.flatMap(expand) : [issue];
  }
  if (issue.code !== 'invalid_key') return [issue];
  const [first] = issue.issues;
  return [{ ...issue, message: first?.message ?? issue.message }];
}

/**
 * Each issue with its line, column and key; an unknown key with the known ones.
 * @param knownKeys the allowed keys of the object at a path, for "did you mean" and "known keys"
 */
export function placeIssues(
  issues: readonly z.core.$ZodIssue[],
  document: Document,
  lines: LineCounter,
  file: string,
  knownKeys: (path: Path) => readonly string[],
): PlacedIssue[] {
  return issues.flatMap(expand).flatMap((issue): PlacedIssue[] => {
    if (issue.code !== 'unrecognized_keys') {
      const key = keyPath(issue.path);
      return [
        {
          message: `${key === '' ? '' : `${key}: `}${issue.message}`,
          place: place(document, lines, file, issue.path),
        },
      ];
    }
    return issue.keys.map((key) => {
      const known = knownKeys(issue.path);
      const near = nearest(key, known);
      const advice = near ? `did you mean "${near}"?` : `known keys: ${known.join(', ')}`;
      return {
        message: `${keyPath([...issue.path, key])}: unknown key "${key}"${known.length ? `; ${advice}` : ''}`,
        place: place(document, lines, file, issue.path, key),
      };
    });
  });
}
