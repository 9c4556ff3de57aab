import type { Clock } from '../../clock.ts';
import type { Gauge } from '../cloudwatch/service.ts';
import type { Sqs } from './service.ts';

/**
 * What every queue reports to CloudWatch once a minute ("Available CloudWatch metrics for Amazon SQS").
 * A queue without a message reports no age. After a skip of the clock, the depth at each minute on the way is taken
 * to be what it is at the end.
 */
export const queueGauges =
  (sqs: Sqs, clock: Clock): Gauge =>
  (metrics, at) => {
    for (const { name, createdAt, engine } of sqs.queues.all()) {
      if (createdAt > at) continue;
      const { visible, notVisible, delayed, oldestMs = Number.NaN } = engine.depth();
      const ageSeconds = Math.floor((oldestMs - (clock.now() - at)) / 1000);
      const values = {
        ApproximateNumberOfMessagesVisible: visible,
        ApproximateNumberOfMessagesNotVisible: notVisible,
        ApproximateNumberOfMessagesDelayed: delayed,
        ...(ageSeconds >= 0 && { ApproximateAgeOfOldestMessage: ageSeconds }),
      };
      for (const [metric, value] of Object.entries(values)) {
        const datum = { namespace: 'AWS/SQS', name: metric, dimensions: { QueueName: name } };
        // The end of a minute is the beginning of the next one.
        metrics.recordAt(at - 1, datum, value);
      }
    }
  };
