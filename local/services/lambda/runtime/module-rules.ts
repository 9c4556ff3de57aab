import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const esModule = /^\s*(?:import[\s{*'"]|export[\s{*])/m;

/** The package.json that decides what `.js` means must be in the asset: on AWS there is nothing above it. */
const inPackage = (file: string, taskRoot: string): boolean => {
  for (let directory = dirname(file); directory.startsWith(taskRoot); directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return true;
  }
  return false;
};

/**
 * Makes modules load as they do in `/var/task`: `.js` files are not judged by a package.json above the asset, and the
 * AWS SDK of the runtime is there for code that does not bring its own, and so is `cfn-response`.
 */
export const installModuleRules = (taskRoot: string, runtimeDirectory: string): void => {
  const root = taskRoot.endsWith(sep) ? taskRoot : taskRoot + sep;
  const runtimeModule = pathToFileURL(join(runtimeDirectory, 'index.mjs')).href;
  const cfnResponse = join(import.meta.dirname, 'cfn-response.mjs');
  const runtimeRequire = createRequire(runtimeModule);
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        // The resolver of `require` takes no URL and no other parent: it gets the path of the file itself.
        const required = context.conditions.includes('require');
        if (specifier === 'cfn-response')
          return next(required ? cfnResponse : pathToFileURL(cfnResponse).href, context);
        if (!/^@(aws-sdk|smithy)\//.test(specifier)) throw error;
        if (required) return next(runtimeRequire.resolve(specifier), context);
        return next(specifier, { ...context, parentURL: runtimeModule });
      }
    },
    load: (url, context, next) => {
      if (!url.startsWith('file:') || !url.endsWith('.js')) return next(url, context);
      const file = fileURLToPath(url);
      if (!file.startsWith(root) || inPackage(file, taskRoot)) return next(url, context);
      const format = esModule.test(readFileSync(file, 'utf8')) ? 'module' : 'commonjs';
      return next(url, { ...context, format });
    },
  });
};
