import { functionArn } from '../dispatch/types.js';

/** Which function, and which of its versions, a path names. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** The pattern of the Invoke API reference: a name, a partial ARN or an ARN, with or without a qualifier. */
const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-gov)?-[a-z]+-\d:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** @returns undefined when the text is none of the forms */
export function parseFunctionName(text: string): FunctionReference | undefined {
  const match = REFERENCE.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { name: match[1], qualifier: match[2] };
}

/** The only version that an emulated function has. */
export const LATEST = '$LATEST';

/** The ARN with a qualifier, as in `Function not found`. */
export function qualifiedArn({ name, qualifier }: FunctionReference): string {
  return qualifier === undefined ? functionArn(name) : `${functionArn(name)}:${qualifier}`;
}
