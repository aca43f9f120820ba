/**
 * Every id that the manifest and the code share, once and typed. A command that is declared but not implemented does not
 * compile (see `CommandHandlers`), and the manifest is checked against these tables.
 */

export const commands = {
  start: 'faultline.start',
  stop: 'faultline.stop',
  restart: 'faultline.restart',
  startOnFreePort: 'faultline.startOnFreePort',
  showActions: 'faultline.showActions',
  showLog: 'faultline.showLog',
  showHandlerLog: 'faultline.showHandlerLog',
  openSettings: 'faultline.openSettings',
  createConfig: 'faultline.createConfig',
  openConfig: 'faultline.openConfig',
  openDashboard: 'faultline.openDashboard',
  openMetrics: 'faultline.openMetrics',
  openHandler: 'faultline.openHandler',
  openProblem: 'faultline.openProblem',
  openDocs: 'faultline.openDocs',
  restartFunction: 'faultline.restartFunction',
  invoke: 'faultline.invoke',
  invokeWith: 'faultline.invokeWith',
  invokeEditor: 'faultline.invokeEditor',
  debug: 'faultline.debug',
  showInvocation: 'faultline.showInvocation',
  addFault: 'faultline.addFault',
  functionFaults: 'faultline.functionFaults',
  enableFault: 'faultline.enableFault',
  disableFault: 'faultline.disableFault',
  toggleFault: 'faultline.toggleFault',
  removeFault: 'faultline.removeFault',
  clearFaults: 'faultline.clearFaults',
  lintWorkspace: 'faultline.lintWorkspace',
  prove: 'faultline.prove',
} as const;

export type CommandName = keyof typeof commands;
export type CommandId = (typeof commands)[CommandName];

export const views = {
  functions: 'faultline.functions',
  faults: 'faultline.faults',
} as const;

export const viewContainer = 'faultline';

/** Kinds of webview panels. */
export const panels = {
  metrics: 'faultline.metrics',
} as const;

/** Names below `faultline.`, with the type that reading gives. */
export interface SettingTypes {
  nodePath: string;
  pythonPath: string;
  gatewayPort: number;
  controlPort: number;
  watch: boolean;
  'codeLens.enable': boolean;
  'lint.enable': boolean;
}

export const settings = {
  nodePath: 'faultline.nodePath',
  pythonPath: 'faultline.pythonPath',
  gatewayPort: 'faultline.gatewayPort',
  controlPort: 'faultline.controlPort',
  watch: 'faultline.watch',
  'codeLens.enable': 'faultline.codeLens.enable',
  'lint.enable': 'faultline.lint.enable',
} as const satisfies { readonly [Name in keyof SettingTypes]: `faultline.${Name}` };

/** Keys for `when` clauses, with their values. */
export interface ContextTypes {
  'faultline.session': 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
  /** Whether a config was found; `unknown` until somebody looked. */
  'faultline.config': 'unknown' | 'none' | 'found';
  'faultline.faults': boolean;
}

export const contextKeys = {
  session: 'faultline.session',
  config: 'faultline.config',
  faults: 'faultline.faults',
} as const satisfies Record<string, keyof ContextTypes>;

/** `viewItem` values of tree nodes. */
export const itemContexts = {
  function: 'function',
  instance: 'instance',
  invocation: 'invocation',
  problem: 'problem',
  queue: 'queue',
  schedule: 'schedule',
  faultOn: 'fault.on',
  faultOff: 'fault.off',
} as const;
export type ItemContext = (typeof itemContexts)[keyof typeof itemContexts];

/** Scheme of the read-only documents that show one invocation. */
export const invocationScheme = 'faultline-invocation';
