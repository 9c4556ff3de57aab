import { z } from 'zod';
import type { PollTarget } from './event-source.ts';
import { streamOf } from './kinesis-source.ts';
import { anyLog, described, invalid, ofAnyLog } from './mapping-settings.ts';

const schema = z.strictObject({
  ...anyLog,
  ParallelizationFactor: z.number().int().min(1).max(10).default(1),
  TumblingWindowInSeconds: z.number().int().min(0).max(900).default(0),
});

export interface KinesisSettings extends ReturnType<typeof ofAnyLog> {
  readonly described: z.output<typeof schema>;
  readonly lanes: number;
  /** The length of the windows in which state is handed on; 0 for none. */
  readonly tumblingMs: number;
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
  const { ParallelizationFactor: lanes, TumblingWindowInSeconds } = given;
  // A window's state is one per shard: the guide does not say what several invocations at once would make of it.
  if (TumblingWindowInSeconds > 0 && lanes > 1)
    throw invalid('TumblingWindowInSeconds: not supported here together with ParallelizationFactor');
  checkGrants(sourceArn, target);
  return { ...ofAnyLog(given), described: given, lanes, tumblingMs: TumblingWindowInSeconds * 1000 };
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
