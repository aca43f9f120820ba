import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { levelPackages } from './vendor-level.mjs';

/** Packages whose files are shipped without going through a bundle. */
const copied = ['web-tree-sitter', 'tree-sitter-python', ...levelPackages];

/** The folder of the package an input belongs to, or undefined for our own files. @param {string} input */
function packageFolder(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/**
 * The licenses of everything that bundles carry: their authors ask that the text goes with the code.
 * @param {readonly string[]} inputs paths from the root, as esbuild's metafiles name them
 */
export async function licensesOf(inputs) {
  const own = inputs.map(packageFolder).filter((folder) => folder !== undefined);
  const folders = new Set([...own, ...copied.map((name) => `node_modules/${name}`)]);
  const sections = await Promise.all([...folders].sort().map(section));
  return [...sections, MODELS].join('\n');
}

/** Data that is made from somebody else's. */
const MODELS = `==== botocore (Apache-2.0)

runtimes/aws-services.json is made from the service models of botocore, Copyright Amazon.com, Inc. or its affiliates, by
scripts/aws-services.py: names, endpoints and routes only. https://github.com/boto/botocore
http://www.apache.org/licenses/LICENSE-2.0
`;

/** @param {string} folder */
async function section(folder) {
  const path = join(root, folder);
  const file = join(path, 'package.json');
  if (!existsSync(file)) return '';
  const { name, version, license } = JSON.parse(await readFile(file, 'utf8'));
  const text = (await readdir(path)).find((entry) => /^(licen[cs]e|copying)(\.(md|txt|mit))?$/i.test(entry));
  const body = text === undefined ? '' : `\n${(await readFile(join(path, text), 'utf8')).trim()}\n`;
  return `==== ${name} ${version} (${String(license)})\n${body}`;
}
