import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionCode } from './function-definition.ts';

const esModule = /^\s*(?:import\s|import\{|export\s)/m;

/** The directory that a function's code is loaded from; inline code is written to one, as `index.cjs` or, for ES modules, `index.mjs`. */
export const codeDirectory = (code: FunctionCode, inlineDirectory: string): string => {
  if ('directory' in code) return code.directory;
  mkdirSync(inlineDirectory, { recursive: true });
  const file = esModule.test(code.inline) ? 'index.mjs' : 'index.cjs';
  writeFileSync(join(inlineDirectory, file), code.inline);
  return inlineDirectory;
};
