import { readFile } from 'node:fs/promises';
import { UserError } from '../local/errors.ts';
import { OutputsFile } from '../scenarios/app/outputs.ts';

/** @throws {UserError} when the file is not there, or not what `cdk deploy --outputs-file` writes */
export const readOutputs = async (file: string): Promise<OutputsFile> => {
  try {
    return OutputsFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `--outputs ${file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
};
