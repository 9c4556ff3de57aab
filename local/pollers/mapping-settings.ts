import { z } from 'zod';
import { AwsError } from '../errors.ts';
import { compileFilters, InvalidPattern, type RecordFilter } from './filter-criteria.ts';

/** What mappings to any kind of source may ask for. */
export const anySource = {
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  FilterCriteria: z
    .strictObject({
      Filters: z
        .array(z.strictObject({ Pattern: z.string().max(4096) }))
        .max(10)
        .optional(),
    })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
};

/** "Standard Amazon SQS queue", "Standard Amazon SNS topic", "Amazon S3" (Lambda guide, "Retaining discarded batch records"). */
const destination = z
  .string()
  .regex(
    /^arn:[^:]+:(sqs|sns|s3):(?!.*\.fifo$)/,
    'not the ARN of a standard queue, a standard topic or a bucket',
  );

/** What mappings to a log may ask for besides, Kinesis or Kafka. */
export const anyLog = {
  ...anySource,
  BatchSize: z.number().int().min(1).max(10_000).default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: destination.optional() }).default({}) })
    .default({ OnFailure: {} }),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.number().int().min(60).max(604_800)]).default(-1),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).default(-1),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']),
  /** Seconds since the epoch. */
  StartingPositionTimestamp: z.number().optional(),
};

const source = z.object(anySource);
const log = z.object(anyLog);

export type StartingPoint =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  /** Milliseconds since the epoch. */
  | { readonly type: 'AT_TIMESTAMP'; readonly at: number };

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

/** Holds what a mapping asks for against what its source takes. Throws AwsError InvalidParameterValueException. */
export const described = <Schema extends z.ZodType>(
  schema: Schema,
  raw: Readonly<Record<string, unknown>>,
): z.output<Schema> => {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join('.') || 'Event source mapping'}: ${issue?.message}`);
};

/** -1 is no limit. */
const limit = (value: number): number => (value === -1 ? Number.POSITIVE_INFINITY : value);

/** What pollers of any source know of their settings. */
export const ofAnySource = (given: z.output<typeof source>) => ({
  windowMs: given.MaximumBatchingWindowInSeconds * 1000,
  reportsItemFailures: given.FunctionResponseTypes.length > 0,
  filter: filterOf(given.FilterCriteria?.Filters?.map(({ Pattern }) => Pattern) ?? []),
});

/** What pollers of a log know besides. */
export const ofAnyLog = (given: z.output<typeof log>) => ({
  ...ofAnySource(given),
  batchSize: given.BatchSize,
  bisects: given.BisectBatchOnFunctionError,
  /** Infinity when there is no limit. */
  maximumRetries: limit(given.MaximumRetryAttempts),
  /** Infinity when there is no limit. */
  maximumAgeMs: limit(given.MaximumRecordAgeInSeconds) * 1000,
  start: startOf(given),
  destination: given.DestinationConfig.OnFailure.Destination,
});

const startOf = ({
  StartingPosition: type,
  StartingPositionTimestamp: at,
}: z.output<typeof log>): StartingPoint => {
  if (type !== 'AT_TIMESTAMP') return { type };
  if (at === undefined) throw invalid('StartingPositionTimestamp is required for AT_TIMESTAMP');
  return { type, at: at * 1000 };
};

const filterOf = (patterns: readonly string[]): RecordFilter => {
  try {
    return compileFilters(patterns);
  } catch (error) {
    if (error instanceof InvalidPattern) throw invalid('Invalid filter pattern definition.');
    throw error;
  }
};
