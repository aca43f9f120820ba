/** Which functions call back, and how: by origin path and by name. */

/** APIs that call the function they get last with an error first, once what they wait for has come or failed. */
export const nodeCallback = new RegExp(
  [
    String.raw`^aws-sdk[./].*\(\)\.(?!promise$|on$|createReadStream$)\w+$`,
    String.raw`^@aws-sdk\/client-[\w-]+\.\w+\(\)\.\w+$`,
    String.raw`^(fs|fs-extra|graceful-fs)\.(?!exists$|watch|unwatch|create|promises)\w+(?<!Sync)$`,
    String.raw`^dns\.(lookup|resolve\w*|reverse)$`,
    String.raw`^request(\.defaults\(\))?(\.(get|post|put|patch|del|delete|head))?$`,
    String.raw`^child_process\.(exec|execFile)$`,
    String.raw`^pg\.(Pool|Client)\(\)\.(query|connect)$`,
    String.raw`^mysql2?\.create(Connection|Pool)\(\)\.(query|execute|connect|getConnection|beginTransaction|commit)$`,
    String.raw`^redis\.createClient\(\)\.(?!on|once|quit|end)\w+$`,
    String.raw`^crypto\.(randomBytes|pbkdf2|scrypt|generateKeyPair|randomFill)$`,
    String.raw`^zlib\.(gzip|gunzip|deflate|inflate|brotliCompress|brotliDecompress|unzip|deflateRaw|inflateRaw)$`,
    String.raw`^mongodb\.MongoClient\.connect$`,
    String.raw`^nodemailer\.createTransport\(\)\.(sendMail|verify)$`,
  ].join('|'),
);

const iterators: ReadonlySet<string> = new Set(
  'map forEach filter find findIndex findLast findLastIndex some every flatMap sort toSorted reduce reduceRight'.split(
    ' ',
  ),
);

/** True where the argument at `index` of a method is called before the method returns. */
export function isSyncIterator(path: string, method: string, index: number): boolean {
  if (/^async[./]/.test(path)) return false;
  if (iterators.has(method) && index === 0) return true;
  if (/^(lodash|underscore)(\/\w+)?\./.test(path)) return true;
  return (method === 'replace' || method === 'replaceAll' || path === 'global.Array.from') && index === 1;
}
