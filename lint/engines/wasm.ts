import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Paths or bytes of the two WebAssembly files that reading Python takes. */
export interface PythonWasm {
  readonly runtime: string | Uint8Array;
  readonly grammar: string | Uint8Array;
}

/** Where node_modules has them: for development. A shipped build passes its own paths. */
export function installedWasm(): PythonWasm {
  // In a CommonJS bundle import.meta is empty, so the module's own name stands in; neither is touched at load.
  const here: string | undefined = import.meta.url;
  const require = createRequire(here ?? (typeof __filename === 'string' ? __filename : `${process.cwd()}/`));
  return {
    runtime: require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    grammar: require.resolve('tree-sitter-python/tree-sitter-python.wasm'),
  };
}

export async function wasmBytes(source: string | Uint8Array): Promise<Uint8Array> {
  return typeof source === 'string' ? readFile(source) : source;
}
