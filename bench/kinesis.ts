import { join } from 'node:path';
import { forkScript, inTurn, startCloudProcess } from './load/load.ts';
import { perSecond, type Row } from './measure.ts';
import { installPeers, startPeer } from './peers.ts';

const SLICES = { slices: 7, sliceMs: 1500, warmUp: 3 };

/** Records of 256 bytes into a stream, crash-safe, beside two emulators that keep everything in memory. */
export const benchKinesis = async (dir: string): Promise<Row[]> => {
  const peers = await installPeers();
  const servers = [
    await startCloudProcess(join(dir, 'kinesis')),
    await startPeer(peers, 'kinesalite'),
    await startPeer(peers, 'kinesis-local'),
  ];
  const loads = await Promise.all(servers.map(({ endpoint }) => forkScript('kinesis-load.ts', endpoint)));
  try {
    const [ours = 0, kinesalite = 0, kinesisLocal = 0] = await inTurn(loads, SLICES);
    return [beside(ours, 'kinesalite', kinesalite, 1), beside(ours, 'kinesis-local', kinesisLocal, 4)];
  } finally {
    await Promise.all([...loads, ...servers].map((one) => one.close()));
  }
};

const beside = (ours: number, peer: string, theirs: number, bar: number): Row => ({
  what: 'Kinesis PutRecords, 256 bytes',
  measured: perSecond(ours),
  against: `${perSecond(theirs)} ${peer}: ${(ours / theirs).toFixed(1)}x`,
  bar: `>= ${bar}x`,
  held: ours >= bar * theirs,
});
