// What the editor tests (TypeScript) use of the scripts; for-tests.d.mts has the types.
export { findChromium } from './apt.mjs';
export { editor, startServer, installVsix } from './code-server.mjs';
export { artifactsDir, root, toolsDir } from './paths.mjs';
export { makeTemp, removeTemp } from './temp.mjs';
