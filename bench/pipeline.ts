import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { findOutput } from '../scenarios/app/outputs.ts';
import { echoAssembly } from './assemblies.ts';
import { median, ms, type Row, timed } from './measure.ts';
import { withCloud } from './with.ts';

const ROUNDS = 200;
const WARM_UP = 50;
const BAR_MS = 20;
const PATIENCE_MS = 10_000;

/** How long it takes until what was posted can be read: REST, function, queue, function, table. */
export const benchPipeline = async (dir: string): Promise<Row[]> =>
  withCloud(await echoAssembly(dir), async ({ endpoint, outputs }) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const dynamodb = new DynamoDB({ endpoint, region: 'us-east-1', credentials });
    const url = `${findOutput(outputs, 'ApiUrl')}items`;
    const table = findOutput(outputs, 'TableName');
    const samples: number[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const took = await timed(() => postAndSee(url, dynamodb, table));
      if (round >= 0) samples.push(took);
    }
    dynamodb.destroy();

    const p50 = median(samples);
    return [
      {
        what: 'REST -> SQS -> Lambda -> DynamoDB, visible, p50',
        measured: ms(p50),
        against: '',
        bar: `<= ${ms(BAR_MS)}`,
        held: p50 <= BAR_MS,
      },
    ];
  });

const postAndSee = async (url: string, dynamodb: DynamoDB, table: string): Promise<void> => {
  const id = randomUUID();
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ id }) });
  await response.text();
  if (response.status !== 202) throw new Error(`${url}: HTTP ${response.status}`);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { Item: item } = await dynamodb.getItem({
      TableName: table,
      Key: { id: { S: id } },
      ConsistentRead: true,
    });
    if (item) return;
    if (performance.now() > deadline) throw new Error(`an item cannot be read after ${PATIENCE_MS} ms`);
    await pause(1);
  }
};
