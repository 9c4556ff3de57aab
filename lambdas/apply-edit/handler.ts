import { consumeInOrder } from '../adapters/consume-in-order.ts';
import { dynamoDbEditStore } from '../adapters/dynamodb-edit-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { log } from '../adapters/log.ts';
import { snsPublisher } from '../adapters/sns-publisher.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { applyEdit } from '../domain/apply-edit.ts';
import { EditRequested } from '../messages/edit-messages.ts';
import { ApplyEditEnv } from './env.ts';

const env = readEnv(ApplyEditEnv);
const ports = {
  edits: dynamoDbEditStore(env.EDITS_TABLE),
  events: snsPublisher(env.EDIT_EVENTS_TOPIC_ARN),
  clock: systemClock,
};

/** Applies the edits of each image in the order in which they were asked for. */
export const handler = consumeInOrder(EditRequested, async (edit, delivery) => {
  const outcome = await applyEdit(edit, delivery, ports);
  if (outcome === 'repeated') log.info('A late or repeated edit was ignored');
});
