// The emulator as users have it, on bench/hello: metrics, records and fault engine on. Prints its URL.
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../../dist/index.js';

const emulator = await startEmulator({ root: fileURLToPath(new URL('../hello', import.meta.url)) });
console.log(emulator.url);
process.once('SIGTERM', () => emulator.stop().then(() => process.exit(0)));
