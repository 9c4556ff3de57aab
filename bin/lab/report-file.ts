import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Candidate } from '../../lab/cells/cell.ts';
import { page, type Report } from '../../lab/report/page.ts';
import { UserError } from '../../local/errors.ts';

/**
 * Makes the directory of the report, before minutes are spent on what would go into it.
 * @throws {UserError} of one line, when nothing can be written there
 */
export const prepareReport = async (directory: string): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new UserError(`--report ${directory}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/**
 * Writes the page, whole or not at all.
 * @returns the file
 * @throws the file system's error: the directory cannot be written, the disk is full
 */
export const writeReport = async (directory: string, report: Report): Promise<string> => {
  const file = join(directory, 'index.html');
  const draft = `${file}.part`;
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(draft, page(report));
    await rename(draft, file);
    return resolve(file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** What a number of this report depends on. */
export const versions = async (candidates: readonly Candidate[]): Promise<Record<string, string>> => {
  const file = resolve(import.meta.dirname, '../../package.json');
  const Package = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });
  const { version, dependencies } = Package.parse(JSON.parse(await readFile(file, 'utf8')));
  const clients = ['@aws-sdk/client-sqs', '@aws-sdk/client-sns', '@aws-sdk/client-kinesis', 'kafkajs'];
  return {
    lab: version,
    node: process.version,
    machine: `${process.platform} ${process.arch}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
    ...Object.fromEntries(clients.map((name) => [name, dependencies[name] ?? 'unknown'])),
    ...Object.fromEntries(
      candidates.map((one) => [one.name, 'missing' in one ? `none: ${one.missing}` : one.version]),
    ),
  };
};
