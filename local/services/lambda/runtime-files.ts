import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'runtime');

/**
 * Writes the runtime as plain JavaScript and answers the path of its bootstrap. Environments could run the TypeScript
 * itself, but each of them would then load the type stripper: 30 ms and 12 MB for every process.
 */
export const writeRuntime = (directory: string): string => {
  mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(source)) {
    const stripped = stripTypeScriptTypes(readFileSync(join(source, file), 'utf8'));
    const linked = stripped.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.mjs'");
    writeFileSync(join(directory, file.replace(/\.ts$/, '.mjs')), linked);
  }
  return join(directory, 'bootstrap.mjs');
};
