import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

interface Layer {
  /** The folders besides itself that its files may import from. */
  readonly folders: readonly string[];
  /** Packages that it must not know. */
  readonly not?: RegExp;
  readonly why: string;
}

const sdk = /^@aws-sdk\//;
const cdk = /^(aws-cdk-lib|constructs|cdk-nag)\b/;
const sdkOrCdk = new RegExp(`${sdk.source}|${cdk.source}`);

/** Imports point inward. `lambdas/*` stands for the folders of the functions: a handler and its `env.ts`. */
const layers: Readonly<Record<string, Layer>> = {
  'lambdas/messages': {
    folders: [],
    not: sdkOrCdk,
    why: 'the contracts are for everybody, also for whoever has none of this code: they need nothing but themselves',
  },
  'lambdas/domain': {
    folders: ['lambdas/messages'],
    not: sdkOrCdk,
    why: 'what the service decides is the same on any broker and any store',
  },
  'lambdas/batch': { folders: [], not: sdkOrCdk, why: 'a runner knows its source, not what it carries' },
  'lambdas/adapters': {
    folders: ['lambdas/domain', 'lambdas/messages', 'lambdas/batch'],
    not: cdk,
    why: 'an adapter is made for a port of the domain',
  },
  'lambdas/http': {
    folders: ['lambdas/domain', 'lambdas/messages', 'lambdas/adapters'],
    not: sdkOrCdk,
    why: 'HTTP is one way in',
  },
  'lambdas/*': {
    folders: ['lambdas/domain', 'lambdas/messages', 'lambdas/batch', 'lambdas/adapters', 'lambdas/http'],
    not: sdkOrCdk,
    why: 'a handler parses, decides and maps: a client of its own would be made behind the back of the ports',
  },
  lib: {
    // Of a function its `env.ts` only: see below. Of the domain, the limits that a stack has to keep as well.
    folders: ['lambdas/*', 'lambdas/messages', 'lambdas/domain'],
    not: sdk,
    why: 'the template says what the code needs, and is made without running it',
  },
  scenarios: {
    folders: ['lambdas/messages'],
    not: cdk,
    why: 'a scenario runs on any target: it knows the public doors and the public contracts',
  },
  cost: {
    folders: ['scenarios', 'local'],
    not: cdk,
    why: 'it counts what the local cloud tells of a scenario',
  },
  lab: { folders: [], not: cdk, why: 'it measures brokers, not this app' },
  local: {
    folders: [],
    not: sdkOrCdk,
    why: 'the local cloud runs any app: it sees only its assembly',
  },
};

interface Import {
  readonly file: string;
  /** The path from the root for a file of ours, else the name of a package. */
  readonly target: string;
}

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = text.matchAll(/^(?:import|export)\b[^;']*?'([^'\n]+)';|\bimport\('([^'\n]+)'\)/gm);
  return [...specifiers].map(([, fixed, lazy]) => {
    const specifier = fixed ?? lazy ?? '';
    return { file, target: specifier.startsWith('.') ? join(dirname(file), specifier) : specifier };
  });
};

const layerOf = (path: string): string | undefined => {
  const [top = '', folder = ''] = path.split('/');
  if (top !== 'lambdas') return top in layers ? top : undefined;
  const name = `lambdas/${folder}`;
  return name in layers ? name : 'lambdas/*';
};

const imports = globSync('{cost,lambdas,lib,scenarios,lab,local}/**/*.ts', { cwd: ROOT }).flatMap(importsOf);
const folders = ['bin', 'bench', 'cost', 'lab', 'lambdas', 'lib', 'local', 'scenarios', 'test', 'verify'];
const isOurs = (path: string): boolean => folders.includes(path.split('/')[0] ?? '');

test.each(Object.entries(layers))('%s imports only what it may', (name, { folders, not, why }) => {
  const own = imports.filter(({ file }) => layerOf(file) === name);

  const outward = own.filter(({ target }) => {
    if (!isOurs(target)) return not?.test(target) ?? false;
    const layer = layerOf(target);
    return layer !== name && (layer === undefined || !folders.includes(layer));
  });

  expect(own.length).toBeGreaterThan(0);
  expect({ outward, why }).toEqual({ outward: [], why });
});

test('a function runs alone: none imports the handler or the variables of another', () => {
  const between = imports.filter(
    ({ file, target }) => /\/(handler|env)\.ts$/.test(target) && layerOf(file) === 'lambdas/*',
  );

  expect(between.length).toBeGreaterThan(0);
  expect(between.filter(({ file, target }) => dirname(file) !== dirname(target))).toEqual([]);
});

test('a stack knows of a function its environment variables, and nothing that runs', () => {
  const known = imports.filter(
    ({ file, target }) => layerOf(file) === 'lib' && layerOf(target) === 'lambdas/*',
  );

  expect(known.length).toBeGreaterThan(0);
  expect(known.filter(({ target }) => !target.endsWith('/env.ts'))).toEqual([]);
});
