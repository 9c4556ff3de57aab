/** `npm run trace -- ID`: everything about a job, a message, a request or a trace, on a running local cloud, as a tree. */
import { parseArgs } from 'node:util';
import { UserError } from '../local/errors.ts';
import { LocalControls } from '../scenarios/app/target.ts';
import { printTrace } from '../scenarios/app/trace/print.ts';
import { traceOf } from '../scenarios/app/trace/tree.ts';
import { command } from './command.ts';

const USAGE = `npm run trace -- ID [options]
  ID               of a job, a message, a request, a CloudEvent, a correlation or a trace (1-...)
  --endpoint URL   of a running npm start (http://127.0.0.1:4566)
  --json           one JSON object on stdout`;

/** Shorter ones are found in anything. */
const SHORTEST_ID = 6;

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      endpoint: { type: 'string', default: 'http://127.0.0.1:4566' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [id = '', ...others] = positionals;
  if (!values.help && (id.length < SHORTEST_ID || others.length > 0))
    throw new UserError(`one id, of at least ${SHORTEST_ID} characters\n${USAGE}`);
  return { ...values, id };
};

const main = async (): Promise<number> => {
  const { endpoint, id, json, help } = readOptions();
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const events = await new LocalControls(endpoint).trace().catch((error: unknown) => {
    throw new UserError(`no local cloud answers at ${endpoint} (${String(error)}): npm start brings one up`);
  });
  const branches = traceOf(events, id);
  if (branches.length === 0)
    throw new UserError(`nothing in the latest ${events.length} events of ${endpoint} names "${id}"`);
  console.log(json ? JSON.stringify({ id, trace: branches }) : printTrace(branches));
  return 0;
};

await command('npm run trace', main);
