import { join } from 'node:path';
import { forkScript, inTurn, startCloudProcess, startServer } from './load/load.ts';
import { perSecond, type Row } from './measure.ts';
import { installPeers, startPeer } from './peers.ts';

const SLICES = { slices: 9, sliceMs: 1000, warmUp: 5 };

/**
 * The whole way of a message through a queue, crash-safe, beside an emulator that keeps everything in memory: once
 * with the SDK, which takes more time than either server, and once with a client that costs next to nothing. A server
 * that does nothing shows the most that each client can reach.
 */
export const benchSqs = async (dir: string): Promise<Row[]> => {
  const peers = await installPeers();
  const servers = [
    await startCloudProcess(join(dir, 'sqs')),
    await startPeer(peers, 'fauxqs'),
    await startServer('idle-sqs.ts'),
  ];
  const rates = async (script: string): Promise<Rates> => {
    const loads = await Promise.all(servers.map(({ endpoint }) => forkScript(script, endpoint)));
    const [ours = 0, theirs = 0, most = 0] = await inTurn(loads, SLICES);
    await Promise.all(loads.map((load) => load.close()));
    return { ours, theirs, most };
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

interface Rates {
  readonly ours: number;
  readonly theirs: number;
  /** Of a server that does nothing. */
  readonly most: number;
}

const beside = (what: string, { ours, theirs, most }: Rates, bar: number): Row => ({
  what: `SQS send, receive, delete by tens: ${what}`,
  measured: perSecond(ours),
  against: `${perSecond(theirs)} fauxqs: ${(ours / theirs).toFixed(2)}x; ${perSecond(most)} a server that does nothing`,
  bar: `>= ${bar}x`,
  held: ours >= bar * theirs,
});
