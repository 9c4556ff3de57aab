import { consumeTogether } from '../adapters/consume.ts';
import { readEnv } from '../adapters/environment.ts';
import { kafkaActivityLog } from '../adapters/kafka-activity-log.ts';
import { iamAccess } from '../adapters/kafka-iam.ts';
import { kafkaProducer } from '../adapters/kafka-producer.ts';
import { recordActivity } from '../domain/record-activity.ts';
import { CloudEvent } from '../messages/cloud-event.ts';
import { RecordActivityKafkaEnv } from './env.ts';

const env = readEnv(RecordActivityKafkaEnv);
const producer = kafkaProducer({
  bootstrapServers: env.KAFKA_BOOTSTRAP_SERVERS,
  security: env.KAFKA_AUTH === 'iam' ? () => iamAccess(process.env.AWS_REGION ?? 'us-east-1') : undefined,
});
const ports = { log: kafkaActivityLog(producer, env.KAFKA_TOPIC) };

/** Puts what happens in the service into the activity topic. The connection is kept from one invocation to the next. */
export const handler = consumeTogether(CloudEvent, (events) => recordActivity(events, ports));
