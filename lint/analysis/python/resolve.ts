import type { ProjectFiles } from '../../project.js';

/** Packages that are nobody's own file: asking the disk for them in every folder above would only take time. */
const foreign = new Set(
  `abc argparse array ast asyncio base64 binascii bisect boto3 botocore bz2 calendar collections concurrent contextlib
  copy csv ctypes dataclasses datetime dateutil decimal difflib email enum errno fnmatch ftplib functools gc getpass glob
  grpc gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json jwt logging lzma math
  mimetypes multiprocessing numbers numpy operator os pandas pathlib pickle platform pprint psycopg psycopg2 pydantic
  pymongo pymysql pytz random re redis requests secrets select shlex shutil signal smtplib socket sqlalchemy sqlite3 ssl
  statistics string struct subprocess sys tarfile tempfile textwrap threading time traceback types typing unicodedata
  unittest urllib urllib3 uuid warnings weakref xml yaml zipfile zlib zoneinfo httpx aiohttp aws_lambda_powertools
  aws_xray_sdk flask fastapi functions_framework google`.split(/\s+/),
);

/** Where code lies that is imported by an absolute name, below a folder on the way up: a layer is mounted as `python/`. */
const below = ['', 'src/', 'python/', 'layer/python/', 'layers/common/python/', 'layers/shared/python/'];

/** Folders looked into, from a file's own upwards. */
const levels = 8;

/** Finds the project's file that an import names; remembers where nothing was, until told to forget. */
export class PyResolver {
  readonly #files: ProjectFiles;
  readonly #known = new Map<string, string | undefined>();

  constructor(files: ProjectFiles) {
    this.#files = files;
  }

  forget(): void {
    this.#known.clear();
  }

  /**
   * `..lib.db` from the package of the file, `lib.db` from its folder, those above it, their `src` and their layers;
   * undefined for packages and for folders without `__init__.py`.
   */
  resolve(from: string, name: string): string | undefined {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const path = name.slice(dots).replaceAll('.', '/');
    let folder = parent(from);
    if (dots > 0) {
      for (let up = 1; up < dots; up++) folder = parent(folder);
      return this.#in(folder, '', path);
    }
    if (path === '' || foreign.has(path.split('/')[0] ?? '')) return undefined;
    for (let level = 0; level < levels; level++) {
      const found = this.#below(folder, path);
      if (found !== undefined || this.#files.isFile(`${folder}/.git/HEAD`)) return found;
      const above = parent(folder);
      if (above === folder) return undefined;
      folder = above;
    }
    return undefined;
  }

  #below(folder: string, path: string): string | undefined {
    for (const each of below) {
      const found = this.#in(folder, each, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #in(folder: string, inner: string, path: string): string | undefined {
    const base = `${folder === '/' ? '' : folder}/${inner}`;
    const key = base + path;
    if (this.#known.has(key)) return this.#known.get(key);
    const candidates = path === '' ? [`${base}__init__.py`] : [`${key}.py`, `${key}/__init__.py`];
    const found = candidates.find((each) => this.#files.isFile(each));
    this.#known.set(key, found);
    return found;
  }
}

function parent(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}
