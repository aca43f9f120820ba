import { readFile } from 'node:fs/promises';

/**
 * Names of the files in a zip archive, from its central directory (APPNOTE.TXT 4.3.12 and 4.3.16).
 * @param {string} path
 */
export async function zipNames(path) {
  const data = await readFile(path);
  const end = data.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${path} is not a zip archive`);
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  const names = [];
  for (let index = 0; index < count; index += 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => data.readUInt16LE(at + offset));
    names.push(data.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names.filter((name) => !name.endsWith('/'));
}
