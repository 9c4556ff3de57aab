import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importError, RuntimeError } from './errors.ts';

// biome-ignore lint/complexity/noBannedTypes: a handler takes what its author declared
type Handler = Function;

const extensions = ['.js', '.mjs', '.cjs'];

/** Loads CommonJS and ES modules alike; a module with top-level await cannot be required, and is imported. */
const load = async (file: string): Promise<unknown> => {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_REQUIRE_ASYNC_MODULE') {
      return import(pathToFileURL(file).href);
    }
    throw error;
  }
};

const member = (value: unknown, key: string): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? Reflect.get(value, key)
    : undefined;

/**
 * Finds `directory/file.export` below the task root (Lambda guide, "Define Lambda function handler in Node.js").
 * Throws errors named as on AWS: Runtime.MalformedHandlerName, ImportModuleError, UserCodeSyntaxError, HandlerNotFound.
 */
export const loadHandler = async (taskRoot: string, handler: string): Promise<Handler> => {
  const [, moduleName, exportPath] = /^([^.]+)\.(.+)$/.exec(basename(handler)) ?? [];
  if (handler.includes('..') || !moduleName || !exportPath) {
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  }
  const modulePath = resolve(taskRoot, dirname(handler), moduleName);
  const file = extensions
    .map((extension) => modulePath + extension)
    .find((candidate) => existsSync(candidate));
  if (!file) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  }
  const loaded = await load(file).catch((error: unknown) => {
    throw importError(error);
  });
  const found = exportPath.split('.').reduce(member, loaded);
  if (typeof found === 'function') return found;
  throw found === undefined
    ? new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`)
    : new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
};
