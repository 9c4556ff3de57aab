import { UserError } from '../local/errors.ts';

/** Runs a command's `main` and sets the exit code; an error of the user's is one line, any other shows where it came from. */
export const command = async (name: string, main: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(`${name}: ${message(error)}`);
    process.exitCode = 1;
  }
};

/** Resolves with nothing at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export const interrupted = (): Promise<undefined> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve(undefined));
    process.once('SIGTERM', () => resolve(undefined));
  });

/** Errors of `parseArgs` and our own UserErrors are the user's to mend. */
const message = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const usersOwn =
    error instanceof UserError || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  return usersOwn ? error.message : (error.stack ?? error.message);
};
