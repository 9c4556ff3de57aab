import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { imageApp } from '../../lib/image-app.ts';

const Template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });

const Manifest = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })),
});

/** The assembly of a target; that for AWS has passed every rule pack when it is there. */
const assemblyFor = (target: string): string => imageApp({ context: { target } }).synth().directory;
const [local, aws] = [assemblyFor('local'), assemblyFor('aws')];

const read = (assembly: string, file: string): unknown =>
  JSON.parse(readFileSync(join(assembly, file), 'utf8'));

const stacks = ['ImageApi', 'ImageWorker'];

const functionsOf = (assembly: string) =>
  stacks.flatMap((stack) => {
    const { Resources } = Template.parse(read(assembly, `${stack}.template.json`));
    return Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  });

/** Where the code of each function lies. */
const assetsOf = (assembly: string): string[] =>
  stacks.flatMap((stack) => {
    const { files } = Manifest.parse(read(assembly, `${stack}.assets.json`));
    const paths = Object.values(files).map(({ source }) => join(assembly, source.path));
    return paths.filter((path) => !path.endsWith('.json'));
  });

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

const sharpMachine = (assembly: string): number | undefined => {
  const [asset = ''] = withSharp(assetsOf(assembly));
  const files = readdirSync(join(asset, 'node_modules'), { recursive: true, encoding: 'utf8' });
  const native = files.find((file) => /sharp-linux-\w+\/lib\/sharp-linux-.*\.node$/.test(file));
  return native === undefined ? undefined : machineOf(join(asset, 'node_modules', native));
};

test('each function is a module of its own, and only those that work on images carry sharp', () => {
  const assets = assetsOf(local);

  expect(assets).toHaveLength(functionsOf(local).length);
  for (const asset of assets) expect(readdirSync(asset)).toContain('index.mjs');
  expect(withSharp(assets)).toHaveLength(2);
});

test('the code is the same from one synth to the next', () => {
  const names = (assembly: string) => assetsOf(assembly).map((path) => path.split('asset.').at(-1));

  expect(names(assemblyFor('local'))).toEqual(names(local));
});

test.each(['Storage', 'ImageWorker', 'Newsletter', 'ImageApi'])(
  'AWS gets the template of %s that runs here, but for the hashes of code and for where webhooks may go',
  (stack) => {
    const template = (assembly: string) =>
      JSON.stringify(read(assembly, `${stack}.template.json`))
        .replaceAll(/[0-9a-f]{64}/g, 'HASH')
        .replaceAll(/"ALLOW_PRIVATE_WEBHOOKS":"(true|false)"/g, '"ALLOW_PRIVATE_WEBHOOKS":"OF THE TARGET"');

    expect(template(aws)).toBe(template(local));
  },
);

test('for AWS the native code is for arm64, whatever this machine is', () => {
  expect(sharpMachine(aws)).toBe(arm64);
});

test.each(['ImageApi', 'Push', 'Newsletter'])(
  'on AWS no webhook of %s goes to a private address',
  (stack) => {
    const allowed = (assembly: string) => [
      ...new Set(
        readFileSync(join(assembly, `${stack}.template.json`), 'utf8').match(
          /"ALLOW_PRIVATE_WEBHOOKS": ?"\w+"/g,
        ),
      ),
    ];

    expect(allowed(aws).map((text) => text.includes('"false"'))).toEqual([true]);
    expect(allowed(local).map((text) => text.includes('"true"'))).toEqual([true]);
  },
);
