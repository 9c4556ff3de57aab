/** A client of Kinesis in a process of its own: `PutRecords` of 500 records of 256 bytes, over so many shards that none is at its limit. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { poster } from './post.ts';
import { serveLoad } from './worker.ts';

const LANES = 4;
const RECORDS = 500;
const SHARDS = 100;
const PATIENCE_MS = 30_000;
const Data = Buffer.alloc(256, 'x').toString('base64');
const Put = z.object({ FailedRecordCount: z.number() });
const Summary = z.object({ StreamDescriptionSummary: z.object({ StreamStatus: z.string() }) });
const stream = { StreamName: 'bench' };

await serveLoad(LANES, async (endpoint) => {
  const post = poster(endpoint, 'kinesis', 'Kinesis_20131202');
  const isActive = async (): Promise<boolean> => {
    const answer = Summary.parse(JSON.parse(await post('DescribeStreamSummary', JSON.stringify(stream))));
    return answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE';
  };
  await post('CreateStream', JSON.stringify({ ...stream, ShardCount: SHARDS }));
  for (const deadline = performance.now() + PATIENCE_MS; !(await isActive()); ) {
    if (performance.now() > deadline) throw new Error('the stream does not become active');
    await pause(50);
  }

  let key = 0;
  return async (): Promise<number> => {
    const Records = Array.from({ length: RECORDS }, () => ({ Data, PartitionKey: `key-${key++}` }));
    const { FailedRecordCount } = Put.parse(
      JSON.parse(await post('PutRecords', JSON.stringify({ ...stream, Records }))),
    );
    return RECORDS - FailedRecordCount;
  };
});
