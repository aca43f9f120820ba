/** The public listener: routes, Lambda API. */
export interface Gateway {
  /** Binds. @throws FaultlineError PORT_IN_USE */
  listen(port: number, host: string): Promise<{ readonly port: number; readonly url: string }>;
  /** The config changed: new routes from the next request on. */
  setRoutes(routes: readonly GatewayRoute[]): void;
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
