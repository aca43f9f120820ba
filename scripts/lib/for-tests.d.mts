export function findChromium(): string;
export const editor: { readonly version: string; readonly serverMain: string };
export const root: string;
export const toolsDir: string;
export const artifactsDir: string;

export interface EditorServer {
  readonly url: string;
  readonly port: number;
  output(): string;
  stop(): Promise<void>;
}
export function startServer(options: {
  dataDir: string;
  extensionsDir?: string;
  env?: NodeJS.ProcessEnv;
}): Promise<EditorServer>;

/** Installs a VSIX as a user does from the command line. */
export function installVsix(vsix: string, extensionsDir: string): Promise<void>;

/** A temporary folder (its real path) that does not outlive this process. */
export function makeTemp(name: string): Promise<string>;
export function removeTemp(folder: string): Promise<void>;
