import { join } from 'node:path';
import { forkScript, inTurn, startCloudProcess } from './load/load.ts';
import { perSecond, type Row } from './measure.ts';
import { installPeers, startPeer } from './peers.ts';

const SLICES = { slices: 9, sliceMs: 1000, warmUp: 5 };

/**
 * The whole way of a message through a queue, crash-safe, beside an emulator that keeps everything in memory: once
 * with the SDK, which takes more time than either server, and once with a client that costs next to nothing.
 */
export const benchSqs = async (dir: string): Promise<Row[]> => {
  const peers = await installPeers();
  const servers = [await startCloudProcess(join(dir, 'sqs')), await startPeer(peers, 'fauxqs')];
  const rates = async (script: string): Promise<[ours: number, theirs: number]> => {
    const loads = await Promise.all(servers.map(({ endpoint }) => forkScript(script, endpoint)));
    const [ours = 0, theirs = 0] = await inTurn(loads, SLICES);
    await Promise.all(loads.map((load) => load.close()));
    return [ours, theirs];
  };
  try {
    const sdk = await rates('sqs-load.ts');
    const bare = await rates('sqs-lean-load.ts');
    return [
      beside('SDK, not below it though crash-safe', sdk, 1),
      beside('SDK, twice', sdk, 2),
      beside('bare client', bare, 1),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
};

const beside = (what: string, [ours, theirs]: readonly [number, number], bar: number): Row => ({
  what: `SQS send, receive, delete by tens: ${what}`,
  measured: perSecond(ours),
  against: `${perSecond(theirs)} fauxqs: ${(ours / theirs).toFixed(2)}x`,
  bar: `>= ${bar}x`,
  held: ours >= bar * theirs,
});
