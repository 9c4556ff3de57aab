import { AsyncLocalStorage } from 'node:async_hooks';

type Fields = Readonly<Record<string, unknown>>;

type Level = 'INFO' | 'WARN' | 'ERROR';

const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

const context = new AsyncLocalStorage<Fields>();

/** Lambda sets it from the function's log settings (Lambda guide, "Log-level filtering"). */
const threshold = LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL ?? 'INFO');

const write =
  (level: Level) =>
  (message: string, fields: Fields = {}): void => {
    if (LEVELS.indexOf(level) < threshold) return;
    const line = { timestamp: new Date().toISOString(), level, message, ...context.getStore(), ...fields };
    process.stdout.write(`${JSON.stringify(line, errorsAsText)}\n`);
  };

const errorsAsText = (_key: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;

/**
 * One JSON object per line, which Lambda passes on as it is. Callers name the fields that they log: no event, request or
 * response is ever logged whole, as these hold presigned URLs.
 */
export const log = {
  info: write('INFO'),
  warn: write('WARN'),
  error: write('ERROR'),
  /** Adds fields, such as the correlation id, to every line that is written while `run` is under way. */
  within: <T>(fields: Fields, run: () => T): T => context.run({ ...context.getStore(), ...fields }, run),
};
