/** `npm run demo -- --image FILE`: one image job on a private local cloud, printed hop by hop. */
import { parseArgs } from 'node:util';
import { UserError } from '../local/errors.ts';
import { command } from './command.ts';
import { report } from './demo/report.ts';
import { type DemoOptions, runDemo } from './demo/run.ts';

const USAGE = `npm run demo -- --image FILE [--operations JSON] [--out FILE] [--json]
  --image       the picture to work on
  --operations  a JSON array ([{"op":"resize","width":800},{"op":"format","format":"webp"}])
  --out         where the result is written (result.<format>)
  --json        one JSON object on stdout instead of the story`;

const readOptions = (): DemoOptions & { json: boolean; help: boolean } => {
  const { values } = parseArgs({
    options: {
      image: { type: 'string' },
      operations: {
        type: 'string',
        default: '[{"op":"resize","width":800},{"op":"format","format":"webp","quality":80}]',
      },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!values.help && values.image === undefined) throw new UserError(`which image?\n${USAGE}`);
  const { image = '', operations, out, json, help } = values;
  return { image, operations, json, help, ...(out === undefined ? {} : { out }) };
};

const main = async (): Promise<number> => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const outcome = await runDemo(options, options.json ? () => undefined : (line) => console.log(line));
  console.log(options.json ? JSON.stringify(outcome) : report(outcome));
  return outcome.status === 'succeeded' ? 0 : 1;
};

/** With `--json` even a misused option is told as one object. */
const mainOrProblem = async (): Promise<number> => {
  try {
    return await main();
  } catch (error) {
    if (!process.argv.includes('--json')) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    const problem = {
      type: 'urn:problem:serverless-ipc:demo-failed',
      title: 'The demo could not run',
      detail,
    };
    console.log(JSON.stringify({ status: 'failed', error: problem }));
    return 1;
  }
};

await command('npm run demo', mainOrProblem);
