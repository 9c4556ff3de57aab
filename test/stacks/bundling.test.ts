import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { imageApp } from '../../lib/image-app.ts';

const Manifest = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })),
});

/** Where each function's code lies in the assembly of a target, and which of them brings sharp. */
const assetsOf = (target: string) => {
  const { directory } = imageApp({ context: { target } }).synth({ skipValidation: true });
  const assets = ['ImageApi', 'ImageWorker'].flatMap((stack) => {
    const { files } = Manifest.parse(
      JSON.parse(readFileSync(join(directory, `${stack}.assets.json`), 'utf8')),
    );
    return Object.values(files).map(({ source }) => join(directory, source.path));
  });
  return assets.filter((path) => !path.endsWith('.json'));
};

const withSharp = (assets: readonly string[]) =>
  assets.filter((path) => readdirSync(path).includes('node_modules'));

/** ELF header, bytes 18 and 19: the machine that the code is for. */
const machineOf = (file: string): number => {
  const header = Buffer.alloc(20);
  const handle = openSync(file, 'r');
  readSync(handle, header, 0, 20, 0);
  closeSync(handle);
  return header.readUInt16LE(18);
};
const arm64 = 183;

const sharpMachine = (target: string): number | undefined => {
  const [asset = ''] = withSharp(assetsOf(target));
  const files = readdirSync(join(asset, 'node_modules'), { recursive: true, encoding: 'utf8' });
  const native = files.find((file) => /sharp-linux-\w+\/lib\/sharp-linux-.*\.node$/.test(file));
  return native === undefined ? undefined : machineOf(join(asset, 'node_modules', native));
};

test('each function is a module of its own, and only the one that works on images carries sharp', () => {
  const assets = assetsOf('local');

  expect(assets).toHaveLength(11);
  for (const asset of assets) expect(readdirSync(asset)).toContain('index.mjs');
  expect(withSharp(assets)).toHaveLength(1);
});

test('the code is the same from one synth to the next', () => {
  const names = (assets: string[]) => assets.map((path) => path.split('asset.').at(-1));

  expect(names(assetsOf('local'))).toEqual(names(assetsOf('local')));
});

test('for AWS the native code is for arm64, whatever this machine is', () => {
  expect(sharpMachine('aws')).toBe(arm64);
}, 120_000);
