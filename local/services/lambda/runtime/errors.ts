import type { ErrorReport } from './messages.ts';

/** An error of the runtime itself, with AWS's name for it. */
export class RuntimeError extends Error {
  constructor(errorType: string, message: string) {
    super(message);
    this.name = errorType;
  }
}

/** Gives whatever was thrown the shape of a failed invocation's payload. */
export const errorReport = (thrown: unknown): ErrorReport => {
  if (thrown instanceof Error) {
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? `${thrown.name}: ${thrown.message}`).split('\n'),
    };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
};

/** Errors of loading a module, renamed as on AWS. */
export const importError = (thrown: unknown): unknown => {
  if (!(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown ? thrown.code : undefined;
  const renamed =
    code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
      ? 'Runtime.ImportModuleError'
      : thrown instanceof SyntaxError
        ? 'Runtime.UserCodeSyntaxError'
        : undefined;
  if (!renamed) return thrown;
  const error = new RuntimeError(renamed, `${thrown.name}: ${thrown.message}`);
  error.stack = `${renamed}: ${thrown.stack ?? thrown.message}`;
  return error;
};
