import { ACCOUNT_ID, functionArn, REGION } from '../../dispatch/types.js';
import { accessDenied, functionNotFound, invalidParameter, resourceNotFound, validation } from './errors.js';

/** Which function, and which of its versions, a call names. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** The only version that an emulated function has; aliases point to it. */
export const LATEST = '$LATEST';

/** As the service writes them in its own messages [R]. */
const NAME_PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';
const QUALIFIER_PATTERN = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';
const MAX_QUALIFIER = 128;

/** A name, a partial ARN or an ARN, with or without a qualifier: NAME_PATTERN with its parts named. */
const REFERENCE =
  /^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9_.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?$/;
const QUALIFIER = /^(?:\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_$-]+)$/;

/** What a text names; region and account where it does. */
export interface ParsedName extends FunctionReference {
  readonly region: string | undefined;
  readonly account: string | undefined;
}

/** @returns undefined when the text is none of the forms */
export function parseFunctionName(text: string): ParsedName | undefined {
  const match = REFERENCE.exec(text);
  if (match?.[3] === undefined) return undefined;
  return { region: match[1], account: match[2], name: match[3], qualifier: match[4] };
}

/**
 * The function that FunctionName and Qualifier of a call name, checked in the service's order [R].
 * @param action as IAM calls it, for the refusal of another account's functions
 * @throws ServiceError
 */
export function reference(functionName: string, qualifier: string | undefined, action: string): FunctionReference {
  const parsed = parseFunctionName(functionName);
  const problems = qualifier === undefined ? [] : qualifierProblems(qualifier);
  if (!parsed) problems.push(mismatch(functionName, 'functionName', NAME_PATTERN));
  if (!parsed || problems.length > 0) throw validation(...problems);
  if (parsed.qualifier !== undefined && qualifier !== undefined && parsed.qualifier !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  if (parsed.region !== undefined && parsed.region !== REGION) {
    throw resourceNotFound(`Functions from '${parsed.region}' are not reachable in this region ('${REGION}')`);
  }
  if (parsed.account !== undefined && parsed.account !== ACCOUNT_ID) throw foreign(parsed, action);
  return { name: parsed.name, qualifier: parsed.qualifier ?? qualifier };
}

function qualifierProblems(qualifier: string): string[] {
  const problems: string[] = [];
  if (qualifier.length > MAX_QUALIFIER) {
    problems.push(
      `Value '${qualifier}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to ${String(MAX_QUALIFIER)}`,
    );
  }
  if (!QUALIFIER.test(qualifier)) problems.push(mismatch(qualifier, 'qualifier', QUALIFIER_PATTERN));
  return problems;
}

function mismatch(value: string, member: string, pattern: string): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

/** Another account's functions are behind its resource policies, and none lets the emulator's user in. */
function foreign({ name, account }: ParsedName, action: string) {
  const arn = functionArn(name).replace(ACCOUNT_ID, account ?? '');
  return accessDenied(
    `User: arn:aws:iam::${ACCOUNT_ID}:user/faultline is not authorized to perform: lambda:${action} on resource: ${arn} because no resource-based policy allows the lambda:${action} action`,
  );
}

/** The ARN with a qualifier, as in `Function not found`. */
export function qualifiedArn({ name, qualifier }: FunctionReference): string {
  return qualifier === undefined ? functionArn(name) : `${functionArn(name)}:${qualifier}`;
}

/** What a qualifier is checked against. */
export interface Known {
  has(name: string): boolean;
  aliases(name: string): readonly string[];
}

/** @throws ServiceError when there is no such function, or it has no such version or alias */
export function mustExist(known: Known, { name, qualifier }: FunctionReference, unqualified?: typeof LATEST): void {
  const there = known.has(name);
  if (there && (qualifier === undefined || qualifier === LATEST || known.aliases(name).includes(qualifier))) return;
  throw functionNotFound(qualifiedArn({ name, qualifier: qualifier ?? (there ? undefined : unqualified) }));
}
