import { parseArgs } from 'node:util';
import { type AppConfig, ConfigError, readConfig } from '../../lib/config.ts';
import { UserError } from '../../local/errors.ts';

export interface DeploymentOptions {
  /** What the app is synthesized with. */
  readonly context: Readonly<Record<string, string>>;
  readonly config: AppConfig;
  /** Ask nobody. */
  readonly yes: boolean;
  /** Update stacks whose template has not changed, too. */
  readonly force: boolean;
  readonly help: boolean;
}

/**
 * What was said on the command line: `-c key=value` as for the CDK, `--yes`, `--force`.
 *
 * @throws {UserError} of one line, when the context is wrong
 */
export const readOptions = (args: readonly string[]): DeploymentOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      yes: { type: 'boolean', short: 'y', default: false },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const context = Object.fromEntries(values.context.map(keyAndValue));
  return { ...values, context, config: configOf(context) };
};

const keyAndValue = (text: string): [string, string] => {
  const at = text.indexOf('=');
  if (at < 1) throw new UserError(`-c ${text}: context is given as key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
};

const configOf = (context: Readonly<Record<string, string>>): AppConfig => {
  try {
    return readConfig(context);
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error;
  }
};
