import type { Import } from './imports.js';

/** A place in the house: a folder of the top level, or a room or a file of the emulator. */
function placeOf(file: string): string {
  const [top = '', room = '', rest] = file.split('/');
  if (top !== 'emulator') return top;
  return rest === undefined ? `emulator/${room}` : `emulator/${room}/`;
}

/** Files that introduce the rooms to each other. */
const composers = new Set(['emulator/emulator.ts', 'emulator/index.ts', 'emulator/cli/']);

/** How another process finds a running emulator and talks to it. */
const clientSide = new Set(['emulator/client.ts', 'emulator/state-file.ts']);

const isRoom = (place: string): boolean => place.startsWith('emulator/') && place.endsWith('/');
const isOpenToAll = (file: string): boolean => placeOf(file) === 'emulator/contract/';
const isInterface = (file: string): boolean => /^emulator\/[^/]+\/types\.ts$/.test(file);

/**
 * Files of the emulator's top level that know a room's inside: parts of the composition root, which no room may know.
 * The others (clock, paths …) are tools for everyone.
 */
function compositionRoot(imports: readonly Import[]): ReadonlySet<string> {
  const found = new Set(composers);
  const knowsInside = ({ from, to, ours }: Import): boolean =>
    ours &&
    !isRoom(placeOf(from)) &&
    (found.has(placeOf(to)) || (isRoom(placeOf(to)) && !isOpenToAll(to) && !isInterface(to)));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const each of imports)
      if (placeOf(each.from).startsWith('emulator/') && knowsInside(each)) found.add(placeOf(each.from));
  }
  return found;
}

/** Why an import of ours is not allowed; undefined when it is. DESIGN.md, "Who may import whom". */
function objection({ from, to }: Import, composition: ReadonlySet<string>): string | undefined {
  const here = placeOf(from);
  const there = placeOf(to);
  if (here === there) return undefined;
  if (there === 'src') return 'nobody imports src';
  if (here === 'emulator/contract/') return 'the contract imports nothing of ours';
  if (isOpenToAll(to)) return undefined;
  if (here === 'media') return 'media imports the contract only';
  if (here === 'lint') return 'lint imports the contract only';
  if (here === 'src') {
    return there === 'lint' || clientSide.has(to) ? undefined : 'src imports the contract, the client and lint';
  }
  return emulatorObjection({ here, there, to }, composition);
}

function emulatorObjection(
  { here, there, to }: { here: string; there: string; to: string },
  composition: ReadonlySet<string>,
): string | undefined {
  if (!there.startsWith('emulator/')) {
    const allowed = to === 'package.json' || (there === 'lint' && here === 'emulator/cli/');
    return allowed ? undefined : 'of what lies beside the emulator, only its command line imports lint';
  }
  if (there === 'emulator/cli/') return 'nobody imports the command line';
  if (!isRoom(here) || composition.has(here)) return undefined;
  if (isRoom(there)) return isInterface(to) ? undefined : "a room knows a sibling's types.ts only";
  return composition.has(there) ? 'a room does not know who introduces it' : undefined;
}

/** Every import that the design forbids, one line each. */
export function violations(imports: readonly Import[]): string[] {
  const composition = compositionRoot(imports);
  return imports.flatMap((each) => {
    const why = each.ours
      ? objection(each, composition)
      : each.to === 'vscode' && placeOf(each.from) !== 'src'
        ? 'only src imports vscode'
        : undefined;
    return why === undefined ? [] : [`${each.from}:${String(each.line)} imports ${each.to}: ${why}`];
  });
}
