import Router from 'find-my-way';
import type { GatewayRoute } from './types.js';

/** HTTP API's methods; ANY stands for every one that a path has no route of its own for. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

export interface RouteMatch {
  readonly function: string;
  /** `POST /orders/{id}`, as configured. */
  readonly routeKey: string;
  /** Decoded; undefined when the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** One route as it is stored beside its path. */
interface Stored {
  readonly function: string;
  readonly routeKey: string;
  /** Names in the order of the path; find-my-way gets `p0`, `p1` … since it takes only some characters in a name. */
  readonly parameters: readonly { readonly name: string; readonly key: string }[];
}

export interface Routes {
  /** @param path without a query; @returns undefined when no route matches */
  find(method: string, path: string): RouteMatch | undefined;
}

/**
 * Routes of an HTTP API: a static part beats a parameter, a parameter beats a greedy one (`{path+}`), a method's own
 * route beats ANY. Of two equal routes the first one serves.
 * @param warn is told of routes that can never be reached
 */
export function createRoutes(routes: readonly GatewayRoute[], warn: (message: string) => void): Routes {
  // The default of 100 characters in a parameter is shorter than a signed token.
  const router = Router({ caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 16_384 });
  for (const [path, byMethod] of groupByPath(routes, warn)) {
    for (const method of METHODS) {
      const stored = byMethod.get(method) ?? byMethod.get('ANY');
      if (stored) register(router, method, path, stored, warn);
    }
  }
  return {
    find(method, path) {
      const found = router.find(method as Router.HTTPMethod, path);
      return found ? matched(found.store as Stored, found.params) : undefined;
    },
  };
}

function groupByPath(routes: readonly GatewayRoute[], warn: (message: string) => void) {
  const paths = new Map<string, Map<string, Stored>>();
  for (const route of routes) {
    const routeKey = `${route.method} ${route.path}`;
    const { path, parameters } = translate(route.path);
    let byMethod = paths.get(path);
    if (!byMethod) paths.set(path, (byMethod = new Map()));
    const first = byMethod.get(route.method);
    if (first) warn(`route ${routeKey} of ${route.function} is never reached: ${first.function} has ${first.routeKey}`);
    else byMethod.set(route.method, { function: route.function, routeKey, parameters });
  }
  return paths;
}

/** `/orders/{id}/{rest+}` as `/orders/:p0(…)/*`. */
function translate(path: string): { path: string; parameters: Stored['parameters'] } {
  const parameters: { name: string; key: string }[] = [];
  // A colon of the path itself is doubled, else it would begin a parameter.
  const translated = path.replaceAll(':', (colon, at: number) => (insideBraces(path, at) ? colon : '::'));
  const pattern = translated.replace(/\{([^}+]+)(\+?)\}/g, (_all, name: string, greedy: string) => {
    const key = greedy === '' ? `p${String(parameters.length)}` : '*';
    parameters.push({ name, key });
    // The pattern keeps it from matching nothing, `/orders/`, which may be another route's.
    return greedy === '' ? `:${key}(^[^]+$)` : '*';
  });
  return { path: pattern, parameters };
}

function insideBraces(path: string, at: number): boolean {
  return path.lastIndexOf('{', at) > path.lastIndexOf('}', at);
}

function register(
  router: Router.Instance<Router.HTTPVersion.V1>,
  method: Router.HTTPMethod,
  path: string,
  stored: Stored,
  warn: (message: string) => void,
): void {
  try {
    router.on(method, path, () => undefined, stored);
  } catch (error) {
    // A route that cannot be served must not take the others down; the config's schema keeps most of them out.
    warn(`route ${stored.routeKey} of ${stored.function} is not served: ${(error as Error).message}`);
  }
}

function matched(stored: Stored, params: Readonly<Record<string, string | undefined>>): RouteMatch | undefined {
  const { function: name, routeKey, parameters } = stored;
  if (parameters.length === 0) return { function: name, routeKey, pathParameters: undefined };
  const pathParameters: Record<string, string> = {};
  for (const parameter of parameters) {
    const value = params[parameter.key];
    // A greedy parameter wants at least one character, as on API Gateway.
    if (value === undefined || value === '') return undefined;
    pathParameters[parameter.name] = value;
  }
  return { function: name, routeKey, pathParameters };
}
