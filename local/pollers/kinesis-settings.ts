import { z } from 'zod';
import type { PollTarget } from './event-source.ts';
import { streamOf } from './kinesis-source.ts';
import { anyLog, described, invalid, ofAnyLog } from './mapping-settings.ts';

const schema = z.strictObject({
  ...anyLog,
  ParallelizationFactor: z.number().int().min(1).max(10).default(1),
  TumblingWindowInSeconds: z.literal(0, 'tumbling windows are not supported here').default(0),
});

export interface KinesisSettings extends ReturnType<typeof ofAnyLog> {
  readonly described: z.output<typeof schema>;
  readonly lanes: number;
}

/** What a stream's event source does with the function's role. */
const ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListShards'];

/** Checks what a mapping to a stream asks for, as `CreateEventSourceMapping` does. Throws AwsError InvalidParameterValueException. */
export const kinesisSettings = (
  raw: Readonly<Record<string, unknown>>,
  sourceArn: string,
  target: PollTarget,
): KinesisSettings => {
  const given = described(schema, raw);
  checkGrants(sourceArn, target);
  return { ...ofAnyLog(given), described: given, lanes: given.ParallelizationFactor };
};

const checkGrants = (sourceArn: string, target: PollTarget): void => {
  const streamArn = streamOf(sourceArn);
  for (const action of ACTIONS) {
    try {
      target.authorize(`kinesis:${action}`, streamArn);
    } catch {
      throw invalid(
        `Cannot access stream ${streamArn}. Please ensure the role can perform the ${ACTIONS.join(', ')} Actions on your stream in IAM.`,
      );
    }
  }
};
