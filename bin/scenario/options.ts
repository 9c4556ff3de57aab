import { parseArgs } from 'node:util';
import { UserError } from '../../local/errors.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

export const USAGE = `npm run scenario -- NAME... | --all | --list
  --target local|endpoint|aws   where (local: a private cloud on a free port)
  --outputs FILE                of the deployed app, for endpoint and aws (cdk deploy --outputs-file)
  --faults FILE                 faults on demand, seeded: docs/faults.md (local only)
  --json                        one JSON object on stdout
  --grants                      afterwards, every granted action that nothing used (local only)
An endpoint is reached where AWS_ENDPOINT_URL says, or at the address in its outputs.`;

export const readOptions = (args: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      grants: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      target: { type: 'string', default: 'local' },
      outputs: { type: 'string' },
      faults: { type: 'string' },
    },
  });
  return { ...values, names: positionals };
};

/** @throws {UserError} when it is not clear which ones are meant */
export const chosen = ({
  names,
  all,
}: Pick<ReturnType<typeof readOptions>, 'names' | 'all'>): readonly Scenario[] => {
  if (all && names.length > 0)
    throw new UserError(`--all or ${names.join(', ')}? --all runs every scenario: give one or the other`);
  if (all) return scenarios;
  if (names.length === 0) throw new UserError(`which scenario?\n${USAGE}`);
  return names.map((name) => {
    const found = scenarios.find((one) => one.name === name);
    if (!found) throw new UserError(`no scenario is called "${name}": --list names them`);
    return found;
  });
};
