import path from 'node:path';
import { Document, isMap, isScalar, YAMLMap } from 'yaml';
import { formatPlace } from '../../contract/errors.js';
import { keyPath } from '../../yaml-issues.js';
import type { Import } from './import.js';

/** An import as the text of an experiment file, with what was not carried over on top of it. */

const WIDTH = 120;

/** @param file the document, absolute; it is named relative to `cwd` */
export function experimentText({ title, experiment, leftOut, assumed }: Import, file: string, cwd: string): string {
  const document = new Document(experiment, { aliasDuplicateObjects: false });
  document.commentBefore = [
    ` Imported from ${path.relative(cwd, file)} (${title}).`,
    ...(leftOut.length > 0 ? ['', ' Not carried over:'] : []),
    ...leftOut.flatMap((one) => wrapped(leftOutText(one, cwd), ' - ', '   ')),
    ...(assumed.length > 0 ? ['', ' Assumed:'] : []),
    ...assumed.flatMap((text) => wrapped(text, ' - ', '   ')),
  ].join('\n');
  if (isMap(document.contents)) spaced(document.contents);
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: true });
}

/** `orders.json:12:5, actions.stop: aws:ec2:stop-instances breaks … Add a fault …` */
export function leftOutText({ place, path: at, why, instead }: Import['leftOut'][number], cwd: string): string {
  const file = place.file === undefined ? undefined : path.relative(cwd, place.file);
  const where = formatPlace({ ...place, ...(file === undefined ? {} : { file }) });
  return `${[where, keyPath(at)].filter((part) => part !== '').join(', ')}: ${why}. ${instead}`;
}

/** A blank line before each key of the file, and small maps on one line, as people write them. */
function spaced(map: YAMLMap): void {
  for (const { key, value } of map.items) {
    if (isScalar(key) && key.value !== 'title') key.spaceBefore = true;
    flowed(value);
  }
}

function flowed(node: unknown): void {
  if (isMap(node)) {
    if (node.items.every(({ value }) => isScalar(value)) && String(node).length < 80) node.flow = true;
    for (const { value } of node.items) flowed(value);
  } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
    const items = node.items as unknown[];
    if (items.every(isScalar)) (node as { flow?: boolean }).flow = true;
    for (const item of items)
      if (!isMap(item) || !('kind' in (item.toJSON() as object))) flowed(item);
      else for (const { value } of item.items) flowed(value);
  }
}

function wrapped(text: string, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 3 > WIDTH && line.trim() !== '' && line !== rest) {
      lines.push(line.trimEnd());
      line = rest;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
