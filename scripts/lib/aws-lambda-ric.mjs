import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findCommand } from './apt.mjs';
import { must } from './exec.mjs';
import { at, toolsDir } from './paths.mjs';

// AWS's own client of the Lambda Runtime API for Node, from npm as it is: the other side of our server in a test. Half of it
// is C++, which its install scripts would compile, after a curl of their own that takes minutes; .npmrc switches them off.
// So a copy of the package is compiled from the sources that it carries, against the system's curl.

const source = at('node_modules/aws-lambda-ric');
const folder = join(toolsDir, 'aws-lambda-ric');
const copy = join(folder, 'node_modules/aws-lambda-ric');
const stampFile = join(folder, 'ready.json');

/** What the stamp must say for the copy to be usable: native modules belong to one Node. */
async function stamp() {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  return JSON.stringify({ version, modules: process.versions.modules, arch: process.arch });
}

/** @param {Promise<unknown>} systemPackages settled when compilers and curl's headers are there */
export async function buildRuntimeClient(systemPackages) {
  // Its own scripts say so too, and skip themselves.
  if (process.platform !== 'linux') return 'not built: its C++ half compiles on Linux only';
  const wanted = await stamp();
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === wanted) return 'there already';
  await systemPackages;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, copy, { recursive: true });
  await buildLibrary(join(copy, 'deps'));
  await buildAddon();
  // Where its post-install puts it; what that cleans up goes too.
  await cp(join(copy, 'build/Release/rapid-client.node'), join(copy, 'dist/rapid-client.node'));
  for (const left of ['build', 'deps']) await rm(join(copy, left), { recursive: true });
  await writeFile(stampFile, wanted);
  return `version ${JSON.parse(wanted).version}`;
}

/** aws-lambda-cpp, as its pre-install builds it, into the folder where binding.gyp looks. @param {string} deps */
async function buildLibrary(deps) {
  const versions = await readFile(join(deps, 'versions'), 'utf8');
  const [, release] = /^AWS_LAMBDA_CPP_RELEASE=(\S+)$/m.exec(versions) ?? [];
  if (release === undefined) throw new Error(`no AWS_LAMBDA_CPP_RELEASE in ${join(deps, 'versions')}`);
  const name = `aws-lambda-cpp-${release}`;
  const artifacts = join(deps, 'artifacts');
  await must('tar', ['xzf', `${name}.tar.gz`, '--no-same-owner'], { cwd: deps });
  const options = ['-DCMAKE_CXX_FLAGS=-fPIC', `-DCMAKE_INSTALL_PREFIX=${artifacts}`];
  const cmake = findCommand(['cmake3', 'cmake']) ?? 'cmake';
  await must(cmake, ['-S', name, '-B', 'build', ...options], { cwd: deps });
  await must(cmake, ['--build', 'build', '--target', 'install', '--parallel', '2'], { cwd: deps, timeout: 240_000 });
  // binding.gyp asks this one what to link.
  await mkdir(join(artifacts, 'bin'));
  await writeFile(join(artifacts, 'bin/curl-config'), '#!/bin/sh\nexec curl-config --libs\n', { mode: 0o755 });
}

async function buildAddon() {
  // Headers beside the running Node spare a download.
  const prefix = resolve(dirname(process.execPath), '..');
  const nodedir = existsSync(join(prefix, 'include/node/node.h')) ? ['--nodedir', prefix] : [];
  const gyp = at('node_modules/node-gyp/bin/node-gyp.js');
  await must(process.execPath, [gyp, 'rebuild', ...nodedir], { cwd: copy, timeout: 240_000 });
}
