import { AsyncLocalStorage } from 'node:async_hooks';

type Fields = Readonly<Record<string, unknown>>;

type Level = 'INFO' | 'WARN' | 'ERROR';

const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

const context = new AsyncLocalStorage<Fields>();

/** What an error was thrown within: who logs it may be outside of that. */
const thrownWithin = new WeakMap<Error, Fields>();

/** Lambda sets it from the function's log settings (Lambda guide, "Log-level filtering"). */
const threshold = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO');

const write =
  (level: Level) =>
  (message: string, fields: Fields = {}): void => {
    if (LEVELS.indexOf(level) < threshold) return;
    const { error } = fields;
    const known = { ...context.getStore(), ...(error instanceof Error && thrownWithin.get(error)) };
    const line = { timestamp: new Date().toISOString(), level, message, ...known, ...xray(), ...fields };
    process.stdout.write(`${JSON.stringify(line, errorsAsText)}\n`);
  };

/** The field by which CloudWatch finds the lines of a trace; Lambda sets the variable anew for each invocation. */
const xray = (): Fields => {
  const root = /Root=([^;]+)/.exec(process.env._X_AMZN_TRACE_ID ?? '')?.[1];
  return root === undefined ? {} : { xray_trace_id: root };
};

const errorsAsText = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;

/** Says what an error is about, wherever it is logged. */
const about = <T>(error: T, fields: Fields): T => {
  if (error instanceof Error && !thrownWithin.has(error)) thrownWithin.set(error, fields);
  return error;
};

const within = <T>(fields: Fields, run: () => Promise<T>): Promise<T> => {
  const known = { ...context.getStore(), ...fields };
  return context.run(known, async () => {
    try {
      return await run();
    } catch (error) {
      throw about(error, known);
    }
  });
};

/**
 * One JSON object per line, which Lambda passes on as it is. Callers name the fields that they log: no event, request or
 * response is ever logged whole, as these hold presigned URLs.
 */
export const log = {
  info: write('INFO'),
  warn: write('WARN'),
  error: write('ERROR'),
  /**
   * Adds fields, such as the correlation id, to every line that is written while `run` is under way, and to the line of
   * an error that comes out of it.
   */
  within,
  about,
};
