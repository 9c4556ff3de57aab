import type { PollTarget } from './event-source.ts';

const CONSUMER = '/consumer/';

/** A mapping reads a stream, or with enhanced fan-out on behalf of one of its consumers. */
export const streamOf = (sourceArn: string): string => sourceArn.split(CONSUMER)[0] ?? sourceArn;

/** Name of the consumer; `undefined` when the mapping reads the stream itself. */
export const consumerOf = (sourceArn: string): string | undefined =>
  sourceArn.split(CONSUMER)[1]?.split(':')[0];

/** What a mapping does with the function's role to read. Throws AwsError AccessDenied. */
export const authorizeReading = (target: PollTarget, sourceArn: string): void => {
  if (consumerOf(sourceArn) === undefined) target.authorize('kinesis:GetRecords', sourceArn);
  else target.authorize('kinesis:SubscribeToShard', sourceArn);
};
