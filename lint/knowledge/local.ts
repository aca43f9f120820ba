/**
 * Endpoints inside the instance: Lambda's runtime, extension and telemetry APIs. Asking them for the next event waits on
 * purpose, for hours if need be, and must have no limit.
 */
const localEndpoint =
  /AWS_LAMBDA_RUNTIME_API|AWS_SESSION_TOKEN_ENDPOINT|\blocalhost\b|\b127\.0\.0\.1\b|\[::1\]|sandbox\.localdomain|169\.254\.170\.2/;

/** The paths of those APIs: a file that has them talks to them, wherever its base address comes from. */
const extensionApi = /\/?(2020-01-01\/extension|2018-06-01\/runtime\/|2020-08-15\/logs|2022-07-01\/telemetry)\b/;

/** True when a call to `target` (the visible text of its URL) in a file stays inside the instance. */
export function isLocalTarget(target: string, file: string): boolean {
  return localEndpoint.test(target) || (extensionApi.test(file) && !/\bhttps:/.test(target));
}
