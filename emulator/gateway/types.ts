import type { IncomingMessage, ServerResponse } from 'node:http';

/** An AWS API besides Lambda's that the gateway's listener serves, for unmodified SDKs. */
export interface AwsService {
  /** Told by URL and headers; only asked where a request may be one. */
  serves(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** The public listener: routes, Lambda API, function URLs, other AWS APIs. */
export interface Gateway {
  /** Binds. @throws FaultlineError PORT_IN_USE */
  listen(port: number, host: string): Promise<{ readonly port: number; readonly url: string }>;
  /** The config changed: new routes and function URLs from the next request on. */
  setRoutes(routes: readonly GatewayRoute[]): void;
  /** The URL of a function, once the gateway listens; undefined when it has none. */
  functionUrl(name: string): string | undefined;
  /** Stops accepting, lets requests in flight finish, closes idle connections. */
  close(): Promise<void>;
}

export interface GatewayRoute {
  readonly function: string;
  /** GET, POST … or ANY. */
  readonly method: string;
  /** `/orders/{id}`, `/files/{path+}`. */
  readonly path: string;
}
