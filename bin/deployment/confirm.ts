import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { UserError } from '../../local/errors.ts';

/**
 * Goes on only when somebody says yes, here or by `--yes`.
 *
 * @throws {UserError} when nobody does
 */
export const confirm = async (question: string, yes: boolean): Promise<void> => {
  if (yes) return;
  if (!stdin.isTTY) throw new UserError('nobody is there to be asked: say --yes');
  const terminal = createInterface({ input: stdin, output: stdout });
  const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('nothing was done');
};
