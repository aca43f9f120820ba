// usage: serve-faults.mjs LIBRARY [FAULT…]: an emulator of that build on bench/faults, with these faults on. Prints its URL.
import { fileURLToPath, pathToFileURL } from 'node:url';

const [library, ...faults] = process.argv.slice(2);
const { startEmulator } = await import(pathToFileURL(library).href);
const emulator = await startEmulator({ root: fileURLToPath(new URL('../faults', import.meta.url)) });
for (const fault of faults) await emulator.faults.add(JSON.parse(fault));
console.log(emulator.url);
process.once('SIGTERM', () => emulator.stop().then(() => process.exit(0)));
