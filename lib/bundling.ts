import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { SymlinkFollowMode } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import * as z from 'zod';
import { moveIntoPlace, type NativePlatform, sharpFor } from './native-modules.ts';

const root = join(import.meta.dirname, '..');

/** Native modules stay outside the bundle and are laid beside it. */
const nativeModule = 'sharp';

/** How code becomes a function's. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The SDK's ES modules, of which only what is used gets in.
  mainFields: ['module', 'main'],
  // What several functions share is parsed and minified once, which makes the build three times as fast.
  splitting: true,
  minify: true,
  // Stack traces name real files and lines; the sources themselves stay in the repository.
  sourcemap: 'linked',
  sourcesContent: false,
  outExtension: { '.js': '.mjs' },
  external: [nativeModule],
  // CommonJS packages inside an ES module still call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
  },
  logLevel: 'error',
} as const satisfies BuildOptions;

/** What one build made: the hash of each function's code, by the name of its directory. */
const Manifest = z.record(z.string(), z.string());

const draftLifetimeMs = 24 * 60 * 60 * 1000;

/**
 * The code of the function whose handler is `entry`, bundled with the SDK that it uses.
 *
 * The handlers of all sibling directories are built in the same pass, and kept until a source or the lockfile changes.
 * The asset's hash depends on nothing but its content: the same sources give the same template on every machine.
 *
 * @param entry path of a `handler.ts` from the project's root, for example `lambdas/get-job/handler.ts`
 * @param platform whose native modules go with the code, where the code needs any
 * @throws {Error} when the entry is called otherwise, there is no such file, or the project has no lockfile of npm
 */
export const bundled = (entry: string, platform: NativePlatform): Code => {
  const name = basename(dirname(entry));
  const directory = dirname(dirname(entry));
  if (basename(entry) !== 'handler.ts' || directory === '.')
    throw new Error(`${entry}: an entry is called <directory>/<name>/handler.ts, from the project's root`);
  const home = buildAll(directory, platform);
  const assetHash = manifestOf(home)[name];
  if (!assetHash) throw new Error(`${entry}: there is no such handler`);
  return Code.fromAsset(join(home, name), {
    assetHash,
    followSymlinks: SymlinkFollowMode.ALWAYS,
  });
};

const buildAll = (directory: string, platform: NativePlatform): string => {
  const bundles = join(root, '.cache', 'bundles');
  const name = `${sourcesHash(join(root, directory))}-${platform.os}-${platform.cpu}`;
  const home = join(bundles, name);
  if (existsSync(home)) return home;

  const draft = join(bundles, `${name}.${process.pid}`);
  writeBundles(directory, draft, platform);
  moveIntoPlace(draft, home);
  forgetOthers(bundles, home);
  return home;
};

const writeBundles = (directory: string, out: string, platform: NativePlatform): void => {
  const names = readdirSync(join(root, directory)).filter((name) =>
    existsSync(join(root, directory, name, 'handler.ts')),
  );
  const shared = join(out, '.shared');
  const { metafile } = buildSync({
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `${directory}/${name}/handler.ts`])),
    outdir: shared,
    metafile: true,
  });

  const manifest: z.infer<typeof Manifest> = {};
  for (const name of names) {
    const bundle = join(out, name);
    mkdirSync(bundle);
    const parts = partsOf(metafile, relative(root, join(shared, `${name}.mjs`)));
    for (const part of parts.files) {
      const file = basename(part);
      linkSync(join(root, part), join(bundle, file === `${name}.mjs` ? 'index.mjs' : file));
      linkSync(join(root, `${part}.map`), join(bundle, `${file}.map`));
    }
    const modules = parts.native ? sharpFor(platform, root) : undefined;
    if (modules) symlinkSync(modules, join(bundle, 'node_modules'));
    manifest[name] = contentHash(bundle, modules);
  }
  rmSync(shared, { recursive: true });
  writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest));
};

/** A function's own file and the shared ones that it imports, and whether any of them needs the native module. */
const partsOf = ({ outputs }: Metafile, entry: string) => {
  const files = new Set([entry]);
  let native = false;
  for (const file of files) {
    for (const { path, external } of outputs[file]?.imports ?? []) {
      if (!external) files.add(path);
      else if (path === nativeModule) native = true;
    }
  }
  return { files, native };
};

const manifestOf = (home: string) =>
  Manifest.parse(JSON.parse(readFileSync(join(home, 'manifest.json'), 'utf8')));

/** The native modules are named by their directory, which carries their versions and platform. */
const contentHash = (bundle: string, modules: string | undefined): string => {
  const hash = createHash('sha256').update(modules ? basename(dirname(modules)) : '');
  const files = readdirSync(bundle).filter((file) => file !== 'node_modules');
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(bundle, file)));
  return hash.digest('hex');
};

/** Everything that a bundle can depend on: the sources, the versions of the packages, and how it is built. */
const sourcesHash = (directory: string): string => {
  const hash = createHash('sha256').update(JSON.stringify(bundleOptions));
  const lockfile = join(root, 'package-lock.json');
  if (!existsSync(lockfile))
    throw new Error(
      `${lockfile} is missing: it says when a bundle has to be made anew. "npm install" writes it`,
    );
  hash.update(readFileSync(lockfile));
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(directory, file)));
  return hash.digest('hex').slice(0, 16);
};

/** Yesterday's builds go; a build of today may still be read by somebody. */
const forgetOthers = (bundles: string, current: string): void => {
  mkdirSync(bundles, { recursive: true });
  for (const name of readdirSync(bundles)) {
    const path = join(bundles, name);
    if (path !== current && Date.now() - statSync(path).mtimeMs > draftLifetimeMs) {
      rmSync(path, { recursive: true, force: true });
    }
  }
};
