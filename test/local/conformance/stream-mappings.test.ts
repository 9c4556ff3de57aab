import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { conformance } from './checks.ts';
import { consume, queueOf, streamOf, texts } from './mapped-function.ts';
import { type Target, until } from './target.ts';

const gone = (target: Target, UUID: string | undefined) =>
  until(
    () =>
      target.lambda.send(new GetEventSourceMappingCommand({ UUID })).then(
        ({ State }) => State,
        (error: Error) => error.name,
      ),
    (found) => found === 'ResourceNotFoundException',
  );

conformance('Event source mappings', (check) => {
  check(
    'Lambda API, "CreateEventSourceMapping", StartingPosition',
    'a mapping that is made in the place of a deleted one begins at its own starting position',
    async (target) => {
      const stream = await streamOf(target);
      await stream.put('first');
      const settings = { StartingPosition: 'TRIM_HORIZON' } as const;
      const { FunctionName, UUID, events } = await consume(target, stream.arn, settings);
      await events(1);
      await target.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      await gone(target, UUID);

      const again = await target.lambda.send(
        new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: stream.arn, ...settings }),
      );
      target.afterwards(() => target.lambda.send(new DeleteEventSourceMappingCommand({ UUID: again.UUID })));
      const [replayed] = await events(1);

      expect(replayed && texts(replayed)).toEqual(['first']);
    },
  );

  check(
    'Lambda Developer Guide, "Retaining discarded batch records for a Kinesis Data Streams event source"',
    'a poisoned record is isolated by bisecting, and the queue on failure is told where it is',
    async (target) => {
      const failures = await queueOf(target);
      const stream = await streamOf(target);
      await stream.put('good', 'bad', 'after');
      const { events } = await consume(target, stream.arn, {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: failures.arn } },
      });

      const [told] = await failures.take(1);
      const seen = await events(5);

      expect(JSON.parse(told ?? '')).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted' },
        KinesisBatchInfo: { streamArn: stream.arn, shardId: 'shardId-000000000000', batchSize: 1 },
      });
      expect(seen.map(texts)).toContainEqual(['bad']);
      expect(seen.map(texts)).toContainEqual(['after']);
    },
  );
});
