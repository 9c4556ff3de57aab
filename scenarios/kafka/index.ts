import type { Scenario } from '../scenario.ts';
import type { KafkaDoor } from './app/door.ts';
import { kafkaConsumerGroup } from './kafka-consumer-group.ts';
import { kafkaOutage } from './kafka-outage.ts';
import { kafkaPoison } from './kafka-poison.ts';
import { kafkaRebalance } from './kafka-rebalance.ts';
import { kafkaRefused } from './kafka-refused.ts';
import { kafkaReplay } from './kafka-replay.ts';
import { kafkaStream } from './kafka-stream.ts';
import { kafkaVsKinesis } from './kafka-vs-kinesis.ts';

/** What Apache Kafka promises, shown on a real broker: these need one, and so stand apart from the others. */
export const kafkaScenarios = (door: KafkaDoor): readonly Scenario[] =>
  [
    kafkaStream,
    kafkaReplay,
    kafkaPoison,
    kafkaConsumerGroup,
    kafkaRebalance,
    kafkaVsKinesis,
    kafkaRefused,
    kafkaOutage,
  ].map((make) => make(door));
