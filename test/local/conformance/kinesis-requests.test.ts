import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListShardsCommand,
  type ShardFilterType,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { conformance } from './checks.ts';
import { FIRST, HALF, streamOf } from './kinesis-stream.ts';
import { until } from './target.ts';

conformance('Kinesis', (check) => {
  check('Kinesis API, "ShardFilter"', 'a reader is listed the shards that it asks for', async (target) => {
    const { StreamName, active } = await streamOf(target);
    await target.kinesis.send(
      new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: HALF }),
    );
    await active();
    const listed = async (Type: ShardFilterType) => {
      const { Shards = [] } = await target.kinesis.send(
        new ListShardsCommand({ StreamName, ShardFilter: { Type } }),
      );
      return Shards.map(({ ShardId = '' }) => Number(ShardId.slice(-1)));
    };

    expect(await listed('AT_LATEST')).toEqual([1, 2]);
    expect(await listed('AT_TRIM_HORIZON')).toEqual([0]);
    expect(await listed('FROM_TRIM_HORIZON')).toEqual([0, 1, 2]);
  });

  check('Kinesis API, "GetShardIterator"', 'an iterator cannot begin in the future', async (target) => {
    const { iterator } = await streamOf(target);

    const begun = iterator('AT_TIMESTAMP', { Timestamp: new Date(Date.now() + 24 * 3_600_000) });

    await expect(begun).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  check(
    'Kinesis API, "UpdateShardCount", errors',
    'the shards of a stream on demand are not scaled by request',
    async (target) => {
      const { kinesis, name, afterwards } = target;
      const StreamName = name();
      const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const;
      await kinesis.send(new CreateStreamCommand({ StreamName, StreamModeDetails }));
      afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
      const scale = new UpdateShardCountCommand({
        StreamName,
        TargetShardCount: 8,
        ScalingType: 'UNIFORM_SCALING',
      });
      const refusal = () =>
        kinesis.send(scale).then(
          () => 'taken',
          (error: Error) => error.name,
        );

      const refused = await until(refusal, (found) => found !== 'ResourceInUseException');

      expect(refused).toBe('ValidationException');
    },
  );
});
