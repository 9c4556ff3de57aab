import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ASSEMBLY } from '../support/local-app.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The code of every function as it is uploaded, source maps included; native modules come as they are published. */
const codeFiles = readdirSync(ASSEMBLY)
  .map((name) => join(ASSEMBLY, name))
  .filter((path) => path.includes('asset.') && statSync(path).isDirectory())
  .flatMap((asset) =>
    readdirSync(asset)
      .filter((file) => /\.mjs(\.map)?$/.test(file))
      .map((file) => join(asset, file)),
  );

test('no code knows where it was bundled: its hash is the same on every machine', () => {
  const telling = codeFiles.filter((file) => readFileSync(file, 'utf8').includes(ROOT));

  expect(codeFiles.length).toBeGreaterThan(60);
  expect(telling).toEqual([]);
});

test('source maps name files of the project and of its packages, none above them', () => {
  const sources = codeFiles
    .filter((file) => file.endsWith('.map'))
    .flatMap((file) => readFileSync(file, 'utf8').match(/"[^"]*\.(ts|js|mjs|cjs)"/g) ?? []);

  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((source) => !/^"(\.\.\/)+(lambdas|node_modules)\//.test(source))).toEqual([]);
});
