import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createServer } from 'node:net';
import { findCommand } from './apt.mjs';
import { killGroup, must, exec, start } from './exec.mjs';
import { toolsDir } from './paths.mjs';
import { makeTemp, removeTemp } from './temp.mjs';

// The oldest editor we support, from the npm package that carries VS Code's server, workbench and extension host.
const version = '4.100.3';
const folder = join(toolsDir, 'editor-1.100');
const vscodeDir = join(folder, 'node_modules/code-server/lib/vscode');
const stampFile = join(folder, 'ready.json');

/** What the stamp must say for the installation to be usable: native modules belong to one Node. */
const stamp = JSON.stringify({ version, modules: process.versions.modules, arch: process.arch });

/** The editor on this machine. */
export const editor = { version: '1.100.3', serverMain: join(vscodeDir, 'out/server-main.js') };

/** Native modules the server needs → the file that shows that they were built. */
const nativeModules = {
  '@vscode/spdlog': 'build/Release/spdlog.node',
  'node-pty': 'build/Release/pty.node',
  'native-watchdog': 'build/Release/watchdog.node',
};

export async function editorReady() {
  return existsSync(editor.serverMain) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
}

/** @param {string} cwd @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
const npm = (cwd, args, env = {}) =>
  exec('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, timeout: 240_000 });

/** @param {string} cwd @param {string[]} args */
async function mustNpm(cwd, args) {
  const { code, stdout, stderr } = await npm(cwd, args);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed\n${stdout}${stderr}`);
}

/**
 * Installs the editor into .tools.
 * @param {Promise<unknown>} systemPackages settled when the compiler and ripgrep are there
 */
export async function installEditor(systemPackages) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // A package.json of its own, so that npm does not walk up to ours.
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  // Its post-install refuses to run as root and compiles modules that nothing here needs.
  await mustNpm(folder, ['install', '--ignore-scripts', '--no-save', `code-server@${version}`]);
  await mustNpm(vscodeDir, ['install', '--omit=dev', '--ignore-scripts']);
  await systemPackages;
  await Promise.all(Object.entries(nativeModules).map(([name, file]) => rebuild(name, file)));
  await linkRipgrep();
  await writeFile(stampFile, stamp);
  return `VS Code ${editor.version}`;
}

/**
 * Compiles one native module. What counts is the file: node-pty's own post-install also asks for a tool that it does
 * not need, and fails after the module was built.
 * @param {string} name @param {string} file
 */
async function rebuild(name, file) {
  const built = join(vscodeDir, 'node_modules', name, file);
  // Our own .npmrc switches install scripts off, for whatever `npm test` starts too.
  const args = ['rebuild', '--ignore-scripts=false', name];
  const first = await npm(vscodeDir, args);
  if (existsSync(built)) return;
  // Without a network the headers cannot be fetched; those beside the running Node serve as well.
  const prefix = resolve(dirname(process.execPath), '..');
  const second = existsSync(join(prefix, 'include/node/node.h'))
    ? await npm(vscodeDir, args, { npm_config_nodedir: prefix })
    : first;
  if (!existsSync(built)) throw new Error(`npm rebuild ${name} built nothing\n${second.stdout}${second.stderr}`);
}

/** `findFiles` and search look for ripgrep there; the package's own download is not made. */
async function linkRipgrep() {
  const bin = join(vscodeDir, 'node_modules/@vscode/ripgrep/bin');
  const rg = findCommand(['rg']);
  if (rg === undefined) throw new Error('ripgrep (rg) is not on PATH');
  await mkdir(bin, { recursive: true });
  await rm(join(bin, 'rg'), { force: true });
  await symlink(rg, join(bin, 'rg'));
}

/** A port nobody listens on. @returns {Promise<number>} */
export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}

/**
 * Starts the editor's server and waits until it serves the workbench.
 * @param {{ dataDir: string, extensionsDir?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ url: string, port: number, output: () => string, stop: () => Promise<void> }>}
 */
export async function startServer({ dataDir, extensionsDir, env = {} }) {
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  args.push('--accept-server-license-terms', '--disable-telemetry', '--server-data-dir', dataDir);
  if (extensionsDir !== undefined) args.push('--extensions-dir', extensionsDir);
  const child = start(process.execPath, [editor.serverMain, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise((done) => child.once('close', done));
  let output = '';
  await new Promise((done, failed) => {
    const read = (/** @type {Buffer} */ chunk) => {
      output += String(chunk);
      if (output.includes('Extension host agent listening on')) done(undefined);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', failed);
    child.once('close', (code) => failed(new Error(`The editor's server ended with ${String(code)}\n${output}`)));
  });
  const stop = async () => {
    killGroup(child);
    await closed;
  };
  return { url: `http://127.0.0.1:${String(port)}`, port, output: () => output, stop };
}

/**
 * Installs a VSIX as a user does from the command line; the editor checks manifest, engine and platform.
 * @param {string} vsix
 * @param {string} extensionsDir
 */
export async function installVsix(vsix, extensionsDir) {
  const dataDir = await makeTemp('install');
  const places = ['--server-data-dir', dataDir, '--extensions-dir', extensionsDir];
  try {
    const args = [editor.serverMain, ...places, '--accept-server-license-terms', '--install-extension', vsix];
    const { stdout, stderr } = await must(process.execPath, args, { timeout: 60_000 });
    // It ends with 0 also when it refused the file.
    if (!/was successfully installed|already installed/.test(stdout)) throw new Error(`${stdout}${stderr}`);
  } finally {
    await removeTemp(dataDir);
  }
}

/** Starts the editor once and asks it for the workbench. */
export async function verifyEditor() {
  const dataDir = await makeTemp('editor');
  const server = await startServer({ dataDir }).catch(async (error) => {
    await removeTemp(dataDir);
    throw error;
  });
  try {
    const reply = await fetch(server.url);
    const page = await reply.text();
    if (reply.status !== 200 || !page.includes('workbench')) throw new Error(`The workbench answered ${reply.status}`);
    return `VS Code ${editor.version} answers`;
  } finally {
    await server.stop();
    await removeTemp(dataDir);
  }
}
