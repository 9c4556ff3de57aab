import type { KafkaDoor, KafkaScenario } from './app/door.ts';
import { kafkaConsumerGroup } from './kafka-consumer-group.ts';
import { kafkaCredentials } from './kafka-credentials.ts';
import { kafkaLost } from './kafka-lost.ts';
import { kafkaOutage } from './kafka-outage.ts';
import { kafkaPoison } from './kafka-poison.ts';
import { kafkaRebalance } from './kafka-rebalance.ts';
import { kafkaRefused } from './kafka-refused.ts';
import { kafkaReplay } from './kafka-replay.ts';
import { kafkaStream } from './kafka-stream.ts';
import { kafkaVsKinesis } from './kafka-vs-kinesis.ts';

/** What Apache Kafka promises, shown on a real broker: these need one, and so stand apart from the others. */
export const kafkaScenarios = (door: KafkaDoor): readonly KafkaScenario[] =>
  [
    kafkaStream,
    kafkaReplay,
    kafkaPoison,
    kafkaConsumerGroup,
    kafkaRebalance,
    kafkaVsKinesis,
    kafkaOutage,
    // These let the cloud's time pass: what is counted by the minute is out of sight behind them.
    kafkaLost,
    kafkaRefused,
    kafkaCredentials,
  ].map((make) => make(door));
