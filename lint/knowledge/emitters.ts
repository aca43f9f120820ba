/** What emits an `error` event that ends the process when nobody listens, by the origin path of what makes it. */
export interface EmitterFact {
  /** How messages name it. */
  readonly what: string;
  readonly made: RegExp;
  /** When it fails. Continues "When …". */
  readonly when: string;
  /** `stream`: what it is handed to may look after it. `kept`: it lives on between invocations. */
  readonly kind: 'request' | 'stream' | 'kept' | 'process';
  /** Only where it is kept: one that a function makes and ends has nobody to surprise. */
  readonly onlyKept?: true;
}

export const emitters: readonly EmitterFact[] = [
  {
    what: 'the request',
    made: /^https?\.(request|get)$/,
    when: 'the connection is refused, reset or its name is not found',
    kind: 'request',
  },
  {
    what: 'the stream',
    made: /^(fs|fs-extra|graceful-fs)\.create(Read|Write)Stream$|\.createReadStream$/,
    when: 'the file or object is missing or reading it breaks off',
    kind: 'stream',
  },
  {
    what: 'the request',
    made: /^request(\.(get|post|put))?$/,
    when: 'the connection is refused or reset',
    kind: 'stream',
  },
  {
    what: 'the socket',
    made: /^(net|tls)\.(connect|createConnection|Socket)$/,
    when: 'the connection is refused or reset',
    kind: 'request',
  },
  { what: 'the web socket', made: /^ws(\.WebSocket)?$/, when: 'the connection is refused or reset', kind: 'request' },
  {
    what: 'the pool',
    made: /^pg\.Pool$/,
    when: 'the database ends a connection that is idle (a restart, a failover, a frozen instance)',
    kind: 'kept',
  },
  {
    what: 'the client',
    made: /^pg\.Client$/,
    when: 'the database ends the connection (a restart, a failover, a frozen instance)',
    kind: 'kept',
    onlyKept: true,
  },
  {
    what: 'the client',
    made: /^(redis|@redis\/client)\.createClient$/,
    when: 'the connection to Redis is refused or lost',
    kind: 'kept',
  },
  {
    what: 'the form parser',
    made: /^(busboy|@fastify\/busboy)(\.Busboy)?$/,
    when: 'a form is cut off or malformed',
    kind: 'request',
  },
  {
    what: 'the process',
    made: /^child_process\.(spawn|fork)$/,
    when: 'the program is not there or cannot be started',
    kind: 'process',
  },
];
