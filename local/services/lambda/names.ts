import { AwsError } from '../../errors.ts';

export interface FunctionReference {
  readonly name: string;
  /** Alias, version or `$LATEST`, when one was named. */
  readonly qualifier?: string;
}

/** `$LATEST` when a reference names none. */
export const qualifierOf = (text: string): string => parseFunctionReference(text).qualifier ?? '$LATEST';

const reference =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:|function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/**
 * Name, partial ARN or full ARN, each with or without a qualifier (Lambda API reference, "Invoke", FunctionName).
 * Throws AwsError ValidationException.
 */
export const parseFunctionReference = (text: string): FunctionReference => {
  const [, name, qualifier] = reference.exec(text) ?? [];
  if (!name) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${reference.source}`,
    );
  }
  return qualifier === undefined ? { name } : { name, qualifier };
};
