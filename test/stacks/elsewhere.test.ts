import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ASSEMBLY } from '../support/local-app.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What an assembly is made of. */
const SOURCES = ['bin', 'lib', 'lambdas', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** The same files under other directories; copies where the disk is another one. */
const mirror = (from: string, to: string): void => {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) mirror(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
};

const linkOrCopy = (source: string, target: string): void => {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
};

const directory = mkdtempSync(join(tmpdir(), 'elsewhere-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The assembly of a checkout that lies deeper, of somebody else, far away; nothing of it was built before. */
const assemblyElsewhere = (): string => {
  const root = join(directory, 'another', 'checkout of somebody');
  mkdirSync(root, { recursive: true });
  for (const name of SOURCES) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  mirror(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const outdir = join(directory, 'out');
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      TZ: 'Pacific/Auckland',
      LANG: 'tr_TR.UTF-8',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: '{"target":"local"}',
    },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return outdir;
};

/** Templates, and manifests of assets with their hashes, by file. */
const contentOf = (assembly: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(assembly)
      .filter((file) => /\.(template|assets)\.json$/.test(file))
      .sort()
      .map((file) => [file, readFileSync(join(assembly, file), 'utf8')]),
  );

test('the same sources give the same templates and asset hashes wherever they lie, and whoever builds them', () => {
  const here = contentOf(ASSEMBLY);

  const elsewhere = contentOf(assemblyElsewhere());

  expect([...elsewhere.keys()]).toEqual([...here.keys()]);
  expect(here.size).toBeGreaterThan(15);
  expect([...elsewhere].filter(([file, text]) => here.get(file) !== text).map(([file]) => file)).toEqual([]);
});
