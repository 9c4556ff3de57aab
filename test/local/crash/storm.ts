import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seeded } from '../../../local/random.ts';
import { LocalControls } from '../../../scenarios/app/target.ts';
import { freePort, killWhileStarting, startCloud, stop } from '../../support/cloud-process.ts';
import { type Deployed, writeAssembly } from './assembly.ts';
import { Clients } from './clients.ts';
import { COPY, Ledger, sequenceOf } from './ledger.ts';
import { collect, judge, type Verdict } from './outcome.ts';
import { producersOf, type Step, toFifo, toOrderedTopic } from './producers.ts';

export interface StormOptions {
  readonly seed: number;
  readonly rounds: number;
}

/** How long producers work before the kill, and how far a start may come. */
const LONGEST_ROUND_MS = 1200;
const LONGEST_START_MS = 800;
const SHARE_KILLED_WHILE_STARTING = 0.25;
const MOST_IN_A_BATCH = 10;

/** Works until its cloud is gone: the first call without an answer ends it. */
const work = async (step: Step, clients: Clients, endpoint: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      await step(clients, endpoint);
    } catch {
      return;
    }
  }
};

/** What was acknowledged is sent once more: the deduplication window must have survived, and keep the copies out. */
const resend = async (ledger: Ledger, clients: Clients, endpoint: string): Promise<void> => {
  for (const [recent, send] of [
    [ledger.recent, toFifo],
    [ledger.recentlyAnnounced, toOrderedTopic],
  ] as const) {
    for (const texts of Map.groupBy(recent, sequenceOf).values()) {
      for (let from = 0; from < texts.length; from += MOST_IN_A_BATCH)
        await send(texts.slice(from, from + MOST_IN_A_BATCH), clients, endpoint, COPY);
    }
    recent.clear();
  }
};

/**
 * One cloud's life: it comes up on what its predecessor left, is worked on from all sides, and is killed.
 * @returns how often a cloud was killed: now and then one more that had not come up yet.
 */
const round = async (
  { assembly }: Deployed,
  data: string,
  port: number,
  { ledger, steps, random }: { ledger: Ledger; steps: readonly Step[]; random: Random },
): Promise<number> => {
  const endpoint = `http://127.0.0.1:${port}`;
  const killedTwice = random() < SHARE_KILLED_WHILE_STARTING;
  if (killedTwice) await killWhileStarting(data, port, assembly, random() * LONGEST_START_MS);
  const cloud = await startCloud(data, port, assembly);
  const clients = new Clients(endpoint);
  const ending = new AbortController();
  await resend(ledger, clients, endpoint);
  const working = steps.map((step) => work(step, clients, endpoint, ending.signal));
  await pause(random() * LONGEST_ROUND_MS);
  await stop(cloud, 'SIGKILL');
  ending.abort();
  await Promise.all(working);
  clients.close();
  return killedTwice ? 2 : 1;
};

/** Kills the local cloud at random instants, and counts what of all that it acknowledged is still there. */
export const storm = async ({
  seed,
  rounds,
}: StormOptions): Promise<Verdict & { readonly kills: number }> => {
  const directory = await mkdtemp(join(tmpdir(), 'serverless-ipc-storm-'));
  const data = join(directory, 'data');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const random = seeded(seed);
  const ledger = new Ledger();
  const steps = producersOf(ledger, random);
  try {
    const deployed = await writeAssembly(directory);
    let kills = 0;
    for (let n = 0; n < rounds; n += 1) kills += await round(deployed, data, port, { ledger, steps, random });
    const cloud = await startCloud(data, port, deployed.assembly);
    const clients = new Clients(endpoint);
    await resend(ledger, clients, endpoint);
    const controls = new LocalControls(endpoint);
    const found = await collect(clients, endpoint, ledger, deployed, (ms) => controls.skipTime(ms));
    clients.close();
    await stop(cloud, 'SIGINT');
    return { kills, ...judge(ledger, found) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
