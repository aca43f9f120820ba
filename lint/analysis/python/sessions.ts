import { positionalOf } from './calls.js';
import { classOf } from './classes.js';
import type { PythonModule } from './module.js';
import { child, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** One place that changes how a session sends. */
interface Adaptation {
  /** The session. */
  readonly object: PyNode;
  /** The adapter that is mounted; undefined where what sends is replaced. */
  readonly adapter?: PyNode;
}

const known = new WeakMap<PythonModule, readonly Adaptation[]>();

/**
 * True where the session that a call goes through may have a limit of its own: an adapter of the project that knows a
 * timeout, or `session.request = functools.partial(session.request, timeout=…)`.
 */
export function isAdaptedSession(module: PythonModule, call: PyNode): boolean {
  return adaptationsOf(module, call).some(({ place, adapter }) => adapter === undefined || mayBound(place, adapter));
}

/** The call that makes the adapter that is mounted on the session that a call goes through. */
export function mountedAdapter(module: PythonModule, call: PyNode): PyNode | undefined {
  for (const { place, adapter } of adaptationsOf(module, call)) {
    const made = adapter && place.origins.valueOf(adapter);
    if (made?.type === 'call') return made;
  }
  return undefined;
}

function adaptationsOf(module: PythonModule, call: PyNode): (Adaptation & { place: PythonModule })[] {
  const callee = child(call, 'function');
  const creation = callee === undefined ? undefined : module.origins.of(callee)?.creation;
  const places = new Set([module, ...(creation === undefined ? [] : [module.ownerOf(creation)])]);
  return [...places].flatMap((place) =>
    adaptations(place)
      .filter(({ object }) => {
        const other = place.origins.of(object)?.creation;
        // Where one of them does not show which session it is, it may be this one.
        return creation === undefined || other === undefined || other === creation;
      })
      .map((each) => ({ ...each, place })),
  );
}

/** Computed once a module: every call of a session asks. */
function adaptations(module: PythonModule): readonly Adaptation[] {
  const cached = known.get(module);
  if (cached !== undefined) return cached;
  const found: Adaptation[] = [];
  walkPython(module.root, (node) => {
    const adaptation =
      node.type === 'call' ? mount(module, node) : node.type === 'assignment' ? replaced(module, node) : undefined;
    if (adaptation !== undefined) found.push(adaptation);
    return undefined;
  });
  known.set(module, found);
  return found;
}

function mount(module: PythonModule, call: PyNode): Adaptation | undefined {
  const callee = child(call, 'function');
  if (callee?.type !== 'attribute' || module.text(child(callee, 'attribute')) !== 'mount') return undefined;
  const object = child(callee, 'object');
  const adapter = positionalOf(call)[1];
  return object === undefined || adapter === undefined ? undefined : { object, adapter };
}

function replaced(module: PythonModule, assignment: PyNode): Adaptation | undefined {
  const target = child(assignment, 'left');
  const object = target?.type === 'attribute' ? child(target, 'object') : undefined;
  const sends = /^(request|send|get|post|put|patch|delete|head)$/.test(module.text(child(target, 'attribute')));
  // `self.get = …` is a field of the project's own class.
  if (object === undefined || !sends || module.text(object) === 'self') return undefined;
  return { object };
}

/** requests' own adapter sets no limit, nor one of the project's that does not speak of any; others may. */
function mayBound(module: PythonModule, adapter: PyNode): boolean {
  const made = module.origins.valueOf(adapter);
  const callee = made.type === 'call' ? child(made, 'function') : undefined;
  if (callee === undefined) return true;
  const owner = module.ownerOf(callee);
  const own = classOf(owner, callee);
  if (own !== undefined) return /timeout/i.test(owner.text(own));
  return !/(^|\.)HTTPAdapter$/.test(owner.origins.path(callee) || owner.text(callee));
}
