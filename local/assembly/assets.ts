import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Asset } from './assembly.ts';
import { type Environment, withPseudoParameters } from './template-scope.ts';
import { unzip } from './zip.ts';

/** Finds the assets of an assembly on this machine by the bucket and the key that templates name. */
export class Assets {
  readonly #files: ReadonlyMap<string, string>;
  readonly #dataDir: string;

  constructor(assets: readonly Asset[], environment: Environment, dataDir: string) {
    this.#dataDir = dataDir;
    this.#files = new Map(
      assets.map(({ bucket, key, file }) => [
        `${withPseudoParameters(bucket, environment)}/${withPseudoParameters(key, environment)}`,
        file,
      ]),
    );
  }

  /** The asset's directory, a zip file's unpacked once; a file of another kind itself. Throws UserError. */
  locate(bucket: string, key: string): string {
    const file = this.#files.get(`${bucket}/${key}`);
    if (file === undefined)
      throw new UserError(`there is no asset s3://${bucket}/${key} in the cloud assembly`);
    if (!existsSync(file)) throw new UserError(`asset ${file} is missing: synthesize the app again`);
    return file.endsWith('.zip') ? this.#unpacked(file) : file;
  }

  /** An asset's file name has the hash of its content: what was unpacked once stays right. */
  #unpacked(file: string): string {
    const directory = join(this.#dataDir, 'assets', basename(file, '.zip'));
    if (existsSync(directory)) return directory;
    const unfinished = `${directory}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    unzip(file, unfinished);
    renameSync(unfinished, directory);
    return directory;
  }
}
