import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A platform in npm's words: `process.platform` and `process.arch`. */
export interface NativePlatform {
  readonly os: string;
  readonly cpu: string;
}

const LockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), dependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

const installAttempts = 3;

/**
 * The directory of a `node_modules` with sharp for a platform, in the exact versions of the lockfile.
 *
 * It is made once and kept in the cache under the lockfile's hash: copied from this machine's own `node_modules`
 * where that is the platform, otherwise installed from the registry. A native module has to lie inside the
 * function's code: ES modules do not look into a layer.
 *
 * @throws Error when the registry cannot be reached in three attempts
 */
export const sharpFor = (platform: NativePlatform, root: string): string => {
  const packages = sharpPackages(platform, root);
  const name = `sharp-${digest(packages)}-${platform.os}-${platform.cpu}`;
  const home = join(root, '.cache', name);
  if (existsSync(home)) return join(home, 'node_modules');

  const draft = join(root, '.cache', `${name}.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  if (packages.every(({ path }) => existsSync(join(root, path)))) {
    for (const { path } of packages) copyPackage(join(root, path), join(draft, path));
  } else {
    install(draft, packages, platform);
  }
  moveIntoPlace(draft, home);
  return join(home, 'node_modules');
};

interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it lies, from the root: `node_modules/...`. */
  readonly path: string;
}

/** Sharp, what it depends on, and its two binary packages for the platform. */
const sharpPackages = ({ os, cpu }: NativePlatform, root: string): readonly LockedPackage[] => {
  const lock = LockFile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const locked = (name: string, under = ''): LockedPackage => {
    const path = [`${under}/node_modules/${name}`, `node_modules/${name}`].find(
      (path) => lock.packages[path],
    );
    const version = path && lock.packages[path]?.version;
    if (!path || !version)
      throw new Error(`package-lock.json has no ${name}, which sharp needs for ${os}-${cpu}`);
    return { name, version, path };
  };

  const sharp = locked('sharp');
  const dependencies = Object.keys(lock.packages[sharp.path]?.dependencies ?? {});
  const libvips = `@img/sharp-libvips-${os}-${cpu}`;
  return [
    sharp,
    ...dependencies.map((name) => locked(name, sharp.path)),
    locked(`@img/sharp-${os}-${cpu}`),
    ...(lock.packages[`node_modules/${libvips}`] ? [locked(libvips)] : []),
  ];
};

/**
 * The binary packages come as optional dependencies of sharp, in versions that it names exactly: npm refuses to install
 * another platform's packages otherwise. It also passes over in silence what it could not fetch, so that is looked for.
 */
const install = (
  directory: string,
  packages: readonly LockedPackage[],
  { os, cpu }: NativePlatform,
): void => {
  const own = packages.filter(({ name }) => !name.endsWith(`-${os}-${cpu}`));
  const dependencies = Object.fromEntries(own.map(({ name, version }) => [name, version]));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const command = ['install', `--os=${os}`, `--cpu=${cpu}`, '--ignore-scripts', '--no-package-lock'];
  if (os === 'linux') command.push('--libc=glibc');

  for (let attempt = 1; ; attempt += 1) {
    const { status, stderr } = spawnSync('npm', command, { cwd: directory, encoding: 'utf8' });
    const missing = packages.filter(({ name }) => !existsSync(join(directory, 'node_modules', name)));
    if (status === 0 && missing.length === 0) return;
    if (attempt === installAttempts) {
      rmSync(directory, { recursive: true, force: true });
      const names = missing.map(({ name }) => name).join(', ');
      throw new Error(`${names} could not be installed for ${os}-${cpu} in ${attempt} attempts: ${stderr}`);
    }
  }
};

/** Without the packages nested inside: those are copied by their own entry. */
const copyPackage = (from: string, to: string): void => {
  cpSync(from, to, { recursive: true, filter: (path) => path !== join(from, 'node_modules') });
};

/** Whoever comes second finds the same content in place, and drops its own. */
export const moveIntoPlace = (draft: string, home: string): void => {
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
};

const digest = (packages: readonly LockedPackage[]): string =>
  createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 12);
