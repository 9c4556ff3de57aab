/** Sends without end, and prints each message id once it is acknowledged: to be killed by a test. */
import { SystemClock } from '../../../../local/clock.ts';
import { Sqs } from '../../../../local/services/sqs/service.ts';
import { arnOf, asAccount, foundation } from './sqs-server.ts';

const [, , file = ':memory:'] = process.argv;
const sqs = new Sqs(foundation(new SystemClock(), { file }));
await sqs.createQueue({ name: 'jobs', attributes: {} });
for (;;) {
  const { messageId } = await sqs.send(arnOf('jobs'), { body: 'job' }, asAccount);
  console.log(messageId);
}
