/** Which requests of a document go through the gateway: those to the application that it tests. */

/** Stages of API Gateway, as they are usually called; the first segment of a path of `execute-api`. */
const STAGE = /^\/(prod|production|dev|development|test|staging|stage|live|default|qa|uat|beta|v\d+)(?=\/)/i;

const LOCAL = /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal)$/i;
const AWS = /\.(execute-api|lambda-url)\.[\w-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/i;

export interface RequestOf {
  /** `POST /orders?all=1` through the gateway, or `GET https://…` to elsewhere. */
  readonly request: string;
  /** The host that is not called, when the gateway is. */
  readonly instead?: string;
  /** The stage of API Gateway that was taken off the path. */
  readonly stage?: string;
}

/**
 * @param application hosts known to be the application beside loopback and API Gateway
 * @returns undefined when the text is no URL
 */
export function requestOf(method: string, url: string, application: ReadonlySet<string>): RequestOf | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, host, pathname, search } = new URL(url);
  if (!LOCAL.test(hostname) && !AWS.test(hostname) && !application.has(host)) return { request: `${method} ${url}` };
  const [stage] = /execute-api/.test(hostname) ? (STAGE.exec(pathname) ?? []) : [];
  const path = stage === undefined ? pathname : pathname.slice(stage.length);
  return {
    request: `${method} ${path}${search}`,
    instead: host,
    ...(stage === undefined ? {} : { stage: stage.slice(1) }),
  };
}

/** The host of a URL, with its port; undefined when the text is no URL. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
