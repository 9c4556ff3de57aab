/** `npm run redrive -- QUEUE`: looks into a dead-letter queue, or sends its messages back to work. */
import { parseArgs } from 'node:util';
import { SQSServiceException } from '@aws-sdk/client-sqs';
import { UserError } from '../local/errors.ts';
import { inspect } from '../scenarios/app/dead-letters.ts';
import { redrive } from '../scenarios/app/redrive.ts';
import { command } from './command.ts';
import { masked } from './redrive/masked.ts';
import { describeLetter, describeRedriven } from './redrive/report.ts';
import { openTarget, type QueueTarget, queueUrlOf } from './redrive/target.ts';

const USAGE = `npm run redrive -- QUEUE [options]
  QUEUE                         a dead-letter queue: the name of an output, its own name, or its URL
  --inspect                     show its messages, tokens masked, and leave them where they are
  --to QUEUE                    where the messages go (default: to the queue where they began)
  --target local|endpoint|aws   where (local: a running npm start)
  --outputs FILE                of the deployed app (local: .local/outputs.json)
  --json                        one JSON object on stdout`;

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      inspect: { type: 'boolean', default: false },
      to: { type: 'string' },
      target: { type: 'string', default: 'local' },
      outputs: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [queue, ...others] = positionals;
  if (values.help) return { ...values, queue: '' };
  if (queue === undefined || others.length > 0) throw new UserError(`which queue?\n${USAGE}`);
  if (values.inspect && values.to !== undefined)
    throw new UserError('--inspect moves nothing: leave --to away');
  return { ...values, queue };
};

type Options = ReturnType<typeof readOptions>;

const look = async (target: QueueTarget, { queue, json }: Options): Promise<number> => {
  const letters = await inspect(target.sqs, await queueUrlOf(target, queue));
  const messages = letters.map((letter) => ({ ...letter, body: masked(letter.body) }));
  if (json) console.log(JSON.stringify({ queue, messages }));
  else {
    for (const message of messages) console.log(`${describeLetter(message, Date.now())}\n`);
    console.log(`${messages.length} ${messages.length === 1 ? 'message' : 'messages'} in ${queue}`);
  }
  return 0;
};

const move = async (target: QueueTarget, { queue, to, json }: Options): Promise<number> => {
  const queueUrl = await queueUrlOf(target, queue);
  const destination = to === undefined ? undefined : await queueUrlOf(target, to);
  const redriven = await redrive(target.sqs, queueUrl, { to: destination });
  if (json) console.log(JSON.stringify({ queue, ...redriven }));
  else if (redriven.status === 'COMPLETED') console.log(describeRedriven(redriven));
  if (redriven.status === 'COMPLETED') return 0;
  throw new UserError(describeRedriven(redriven));
};

/** What SQS refuses is for the person at the keyboard to mend. */
const plainly = (error: unknown): unknown => {
  if (error instanceof SQSServiceException) return new UserError(`${error.name}: ${error.message}`);
  return error;
};

await command('npm run redrive', async () => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const target = await openTarget(options.target, options.outputs, options.queue);
  try {
    return await (options.inspect ? look : move)(target, options);
  } catch (error) {
    throw plainly(error);
  } finally {
    target.sqs.destroy();
  }
});
