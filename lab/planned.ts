import type { Broker } from './broker.ts';
import { VISIBILITY_SECONDS } from './brokers/queue-lane.ts';
import { SESSION_TIMEOUT_MS } from './consumers/log.ts';
import { formatNames } from './formats/format.ts';
import { DOWN_MS } from './runs/outage.ts';
import { NOTHING_COMES_MS } from './runs/replay.ts';
import type { RunName, Settings } from './runs/run.ts';
import { FILL_RATE, scaleOf, WORK_MS } from './runs/scale.ts';
import { SETTLE_MS, WARM_UP } from './runs/session.ts';
import { MOST_MESSAGES, SIZES } from './runs/sizes.ts';

/** The CPU time in which a consumer's process starts and loads its client: from Node.js's compile cache, a quarter of a second. */
const START_MS = 250;
/** In which a broker that was killed is back on its disk. */
const RESTART_MS = { cloud: 1_000, kafka: 4_000 };

type Planned = (broker: Broker, settings: Settings) => number;

const load = ({ messages, rate }: Settings): number => (messages * 1_000) / rate;
const steady = (settings: Settings): number => load(settings) * (1 + WARM_UP) + START_MS;
const short = (settings: Settings): Settings => ({
  ...settings,
  messages: Math.min(MOST_MESSAGES, settings.messages),
});

/** Whether what was read is gone. */
const isQueue = ({ name }: Broker): boolean => name !== 'kinesis' && name !== 'kafka';

/** How long a dead consumer keeps what it held. A shard is nobody's: who comes next goes on from the last checkpoint. */
const heldMs = (broker: Broker): number => {
  if (broker.name === 'kafka') return SESSION_TIMEOUT_MS;
  return isQueue(broker) ? VISIBILITY_SECONDS * 1_000 : 0;
};

const drained = (settings: Settings): number => {
  const { backlog, consumers } = scaleOf(settings);
  const each = consumers.map(
    (count) => count * START_MS + (backlog * 1_000) / FILL_RATE + (backlog * WORK_MS) / count,
  );
  return each.reduce((sum, one) => sum + one, 0);
};

const planned: Readonly<Record<RunName, Planned>> = {
  clean: (_, settings) => steady(settings),
  sizes: (_, settings) => steady(short(settings)) * Object.keys(SIZES).length,
  formats: (_, settings) => steady(short(settings)) * formatNames.length,
  share: ({ fanOut }, settings) => load(settings) + (fanOut ? 3 : 2) * START_MS,
  replay: (broker, settings) => load(settings) + 2 * START_MS + (isQueue(broker) ? NOTHING_COMES_MS : 0),
  retry: (_, settings) => load(settings) + START_MS + SETTLE_MS,
  away: (_, settings) => load(settings) + 2 * START_MS,
  crash: (broker, settings) => load(settings) + 2 * START_MS + heldMs(broker) + SETTLE_MS,
  scale: (_, settings) => drained(settings),
  outage: ({ name, outage }, settings) =>
    outage === undefined
      ? 0
      : load(settings) + START_MS + DOWN_MS + SETTLE_MS + RESTART_MS[name === 'kafka' ? 'kafka' : 'cloud'],
};

/**
 * How long runs take where nothing else does: their loads, what they wait for, the processes that they start, in ms.
 * Nothing saturated, no broker slow, a machine that is quiet.
 */
export const plannedMs = (brokers: readonly Broker[], runs: readonly RunName[], settings: Settings): number =>
  brokers
    .flatMap((broker) => runs.map((run) => planned[run](broker, settings)))
    .reduce((sum, one) => sum + one, 0);
