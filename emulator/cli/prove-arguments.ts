/** `--prove` as it is typed; apart from what it does, so that who only lints does not load that. */

export const PROVE_OPTION = [
  '--prove [fingerprint]',
  'run the experiments of findings (or of one) in the emulator: is it so? It runs your code',
] as const;

/** What follows `--prove` is a path where it is no fingerprint. */
export function proveArguments(
  paths: readonly string[],
  prove: string | boolean | undefined,
): { readonly paths: readonly string[]; readonly prove: string | boolean } {
  if (typeof prove !== 'string' || /^[0-9a-f]{8,}$/.test(prove)) return { paths, prove: prove ?? false };
  return { paths: [prove, ...paths], prove: true };
}
