import { z } from 'zod';
import { AwsError } from '../errors.ts';
import type { StartingPosition } from '../services/kinesis/stream.ts';
import type { PollTarget } from './event-source.ts';
import { compileFilters, type Filter, InvalidPattern } from './filter-criteria.ts';

const schema = z.strictObject({
  BatchSize: z.number().int().min(1).max(10_000).default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().optional() }).default({}) })
    .default({ OnFailure: {} }),
  FilterCriteria: z
    .strictObject({
      Filters: z
        .array(z.strictObject({ Pattern: z.string().max(4096) }))
        .max(10)
        .optional(),
    })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.number().int().min(60).max(604_800)]).default(-1),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).default(-1),
  ParallelizationFactor: z.number().int().min(1).max(10).default(1),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  /** Seconds since the epoch. */
  StartingPositionTimestamp: z.number().optional(),
  TumblingWindowInSeconds: z.literal(0, 'tumbling windows are not supported here').default(0),
});

type Described = z.output<typeof schema>;

export interface KinesisSettings {
  readonly described: Described;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly bisects: boolean;
  readonly reportsItemFailures: boolean;
  /** Infinity when there is no limit. */
  readonly maximumRetries: number;
  /** Infinity when there is no limit. */
  readonly maximumAgeMs: number;
  readonly lanes: number;
  readonly start: StartingPosition;
  readonly filter: Filter;
  readonly destination: string | undefined;
}

/** What a stream's event source does with the function's role. */
const ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListShards'];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

const limit = (value: number): number => (value === -1 ? Number.POSITIVE_INFINITY : value);

/** Checks what a mapping to a stream asks for, as `CreateEventSourceMapping` does. Throws AwsError InvalidParameterValueException. */
export const kinesisSettings = (
  raw: Readonly<Record<string, unknown>>,
  streamArn: string,
  target: PollTarget,
): KinesisSettings => {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join('.') || 'Event source mapping'}: ${issue?.message}`);
  }
  const described = parsed.data;
  checkGrants(streamArn, target);
  return {
    described,
    batchSize: described.BatchSize,
    windowMs: described.MaximumBatchingWindowInSeconds * 1000,
    bisects: described.BisectBatchOnFunctionError,
    reportsItemFailures: described.FunctionResponseTypes.length > 0,
    maximumRetries: limit(described.MaximumRetryAttempts),
    maximumAgeMs: limit(described.MaximumRecordAgeInSeconds) * 1000,
    lanes: described.ParallelizationFactor,
    start: startOf(described),
    filter: filterOf(described.FilterCriteria?.Filters?.map(({ Pattern }) => Pattern) ?? []),
    destination: described.DestinationConfig.OnFailure.Destination,
  };
};

const checkGrants = (streamArn: string, target: PollTarget): void => {
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

const startOf = ({ StartingPosition: type, StartingPositionTimestamp: at }: Described): StartingPosition => {
  if (type !== 'AT_TIMESTAMP') return { type };
  if (at === undefined) throw invalid('StartingPositionTimestamp is required for AT_TIMESTAMP');
  return { type, at: at * 1000 };
};

const filterOf = (patterns: readonly string[]): Filter => {
  try {
    return compileFilters(patterns);
  } catch (error) {
    if (error instanceof InvalidPattern) throw invalid('Invalid filter pattern definition.');
    throw error;
  }
};
