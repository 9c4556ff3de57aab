import { join } from 'node:path';
import { forkScript, inTurn, startCloudProcess } from './load/load.ts';
import { perSecond, type Row } from './measure.ts';
import { installPeers, startPeer } from './peers.ts';

const SLICES = { slices: 9, sliceMs: 1000, warmUp: 5 };
const BAR = 2;

/**
 * The whole way of a message through a queue, crash-safe, beside an emulator that keeps everything in memory: once
 * with the SDK, which takes more time than either server, and once with a client that costs next to nothing.
 */
export const benchSqs = async (dir: string): Promise<Row[]> => {
  const peers = await installPeers();
  const servers = [await startCloudProcess(join(dir, 'sqs')), await startPeer(peers, 'fauxqs')];
  const row = async (client: string, script: string): Promise<Row> => {
    const loads = await Promise.all(servers.map(({ endpoint }) => forkScript(script, endpoint)));
    const [ours = 0, theirs = 0] = await inTurn(loads, SLICES);
    await Promise.all(loads.map((load) => load.close()));
    return {
      what: `SQS send, receive, delete in batches of 10, ${client}`,
      measured: perSecond(ours),
      against: `${perSecond(theirs)} fauxqs: ${(ours / theirs).toFixed(2)}x`,
      bar: `>= ${BAR}x`,
      held: ours >= BAR * theirs,
    };
  };
  try {
    return [await row('SDK', 'sqs-load.ts'), await row('bare client', 'sqs-lean-load.ts')];
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
};
