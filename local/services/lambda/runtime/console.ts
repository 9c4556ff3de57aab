import { format } from 'node:util';
import { errorReport } from './errors.ts';

/** From the least to the most severe. */
const levels: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export interface FunctionConsole {
  /** The invocation whose lines are written; none during init. */
  requestId: string | undefined;
  /** Reports what ended an invocation or the environment. */
  failure(title: 'Invoke Error' | 'Uncaught Exception', thrown: unknown): void;
}

/**
 * Makes `console` write as on AWS: tab-separated with time, request id and level, or JSON
 * (Lambda guide, "Log and monitor Node.js Lambda functions"). What is written to stdout and stderr directly stays as it is.
 */
export const installConsole = (write: (text: string) => void): FunctionConsole => {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const threshold = json ? levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO') : 0;
  const installed: FunctionConsole = {
    requestId: undefined,
    failure: (title, thrown) => {
      const { errorType, errorMessage, trace } = errorReport(thrown);
      const detail = { errorType, errorMessage, stackTrace: trace };
      line(
        'ERROR',
        json ? detail : `${title} \t${JSON.stringify({ errorType, errorMessage, stack: trace })}`,
      );
    },
  };

  const line = (level: string, message: unknown): void => {
    const timestamp = new Date().toISOString();
    const { requestId } = installed;
    write(
      json
        ? `${JSON.stringify({ timestamp, level, requestId, message })}\n`
        : `${timestamp}\t${requestId ?? 'undefined'}\t${level}\t${message}\n`,
    );
  };
  const logger =
    (level: string) =>
    (...parameters: unknown[]): void => {
      if (levels.indexOf(level) < threshold) return;
      const [only] = parameters;
      const structured =
        json && parameters.length === 1 && typeof only === 'object' && !(only instanceof Error);
      line(level, structured ? only : format(...parameters));
    };
  Object.assign(console, {
    trace: logger('TRACE'),
    debug: logger('DEBUG'),
    log: logger('INFO'),
    info: logger('INFO'),
    warn: logger('WARN'),
    error: logger('ERROR'),
  });
  const redirect = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    write(
      typeof chunk === 'string' ? chunk : Buffer.from(chunk instanceof Uint8Array ? chunk : []).toString(),
    );
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(() => callback());
    return true;
  };
  process.stdout.write = redirect;
  process.stderr.write = redirect;
  return installed;
};
