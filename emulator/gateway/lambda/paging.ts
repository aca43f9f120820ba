import { invalidParameter, validation } from './errors.js';

/** Lists in pages: Marker is where the next one begins, NextMarker is absent after the last [D]. */

const MOST = 10_000;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: { readonly NextMarker?: string };
}

/** @param size items of a page when the call does not say @throws ServiceError */
export function page<T>(all: readonly T[], query: URLSearchParams, size: number): Page<T> {
  const start = startOf(query.get('Marker'));
  const end = start + Math.min(size, maxItems(query.get('MaxItems')));
  return {
    items: all.slice(start, end),
    next: end < all.length ? { NextMarker: Buffer.from(`from ${String(end)}`).toString('base64url') } : {},
  };
}

function startOf(marker: string | null): number {
  if (marker === null || marker === '') return 0;
  const match = /^from (\d{1,9})$/.exec(Buffer.from(marker, 'base64url').toString());
  if (!match) throw invalidParameter('The value of Marker is not one that a list has given.');
  return Number(match[1]);
}

function maxItems(text: string | null): number {
  if (text === null) return MOST;
  const number = Number(text);
  const problem = (bound: string): Error =>
    validation(`Value '${text}' at 'maxItems' failed to satisfy constraint: Member must have value ${bound}`);
  if (!Number.isInteger(number) || number < 1) throw problem('greater than or equal to 1');
  if (number > MOST) throw problem(`less than or equal to ${String(MOST)}`);
  return number;
}
