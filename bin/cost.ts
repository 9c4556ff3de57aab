/** `npm run cost -- SCENARIO...`: what one run consumes on the local cloud in AWS's billable units, and what that costs. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DescribeStreamSummaryCommand, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { billOf } from '../cost/bill.ts';
import { Meter } from '../cost/meter.ts';
import { PRICE_FILE, type Prices, readPrices } from '../cost/prices.ts';
import { billTable, type Compared, caveats, comparisonTable, standingTable } from '../cost/report.ts';
import { standingCosts } from '../cost/standing.ts';
import { type Workload, workloads } from '../cost/workloads.ts';
import { UserError } from '../local/errors.ts';
import type { TraceEvent } from '../local/trace.ts';
import { App } from '../scenarios/app/app.ts';
import { scenarios } from '../scenarios/index.ts';
import { play, type Scenario } from '../scenarios/scenario.ts';
import { boot, type LocalApp } from './boot.ts';
import { command } from './command.ts';
import { withScratchDirectory } from './scratch.ts';

const USAGE = `npm run cost -- SCENARIO... | --all | --compare
  --all            every scenario (npm run scenario -- --list names them)
  --compare        patterns for the same work, and what stands whatever is sent
  --prices FILE    instead of cost/prices.json
  --json           one JSON object on stdout`;

const readOptions = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      compare: { type: 'boolean', default: false },
      prices: { type: 'string', default: PRICE_FILE },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, names: positionals };
};

const chosen = (names: readonly string[], all: boolean): readonly Scenario[] => {
  if (all) return scenarios;
  return names.map((name) => {
    const found = scenarios.find((one) => one.name === name);
    if (!found) throw new UserError(`no scenario is called "${name}": npm run scenario -- --list names them`);
    return found;
  });
};

const QUIET_MS = 400;
const LONGEST_WAIT_MS = 15_000;

/** Everything that happens from now on, until `stop` says that nothing more comes of it. */
const listen = ({ running }: LocalApp) => {
  const events: TraceEvent[] = [];
  let lastAt = Date.now();
  const end = running.cloud.trace.watch((event) => {
    events.push(event);
    lastAt = Date.now();
  });
  const stop = async (): Promise<readonly TraceEvent[]> => {
    const deadline = Date.now() + LONGEST_WAIT_MS;
    while (Date.now() - lastAt < QUIET_MS && Date.now() < deadline) await pause(QUIET_MS / 4);
    end();
    return events;
  };
  return { stop };
};

const metered = (events: readonly TraceEvent[], prices: Prices) => {
  const meter = new Meter();
  for (const event of events) meter.add(event);
  return billOf(meter.usage, prices);
};

const withApp = async <T>(local: LocalApp, use: (app: App) => Promise<T>): Promise<T> => {
  const app = new App({ name: 'local', outputs: local.outputs, endpoint: local.endpoint });
  try {
    return await use(app);
  } finally {
    app.close();
  }
};

const ofScenario = (scenario: Scenario, local: LocalApp, prices: Prices) =>
  withApp(local, async (app) => {
    const { stop } = listen(local);
    const { passed } = await play(scenario, app);
    return { name: scenario.name, pattern: scenario.pattern, passed, bill: metered(await stop(), prices) };
  });

const ofWorkload = (
  { name, does, size, run }: Workload,
  local: LocalApp,
  prices: Prices,
): Promise<Compared> =>
  withApp(local, async (app) => {
    const { stop } = listen(local);
    const isOwn = await run(app);
    return { name, does, size, bill: metered((await stop()).filter(isOwn), prices) };
  });

const standingOf = (local: LocalApp, prices: Prices) =>
  withApp(local, async ({ kinesis }) => {
    const { StreamNames = [] } = await kinesis.send(new ListStreamsCommand());
    const streams = await Promise.all(
      StreamNames.map((StreamName) => kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))),
    );
    const counts = streams.map(({ StreamDescriptionSummary: one }) => one?.OpenShardCount ?? 0);
    const sources = local.running.cloud.lambda.eventSourceMappings.list({});
    return standingCosts(
      {
        shards: counts.reduce((sum, count) => sum + count, 0),
        polledQueues: sources.filter(({ EventSourceArn }) => String(EventSourceArn).includes(':sqs:')).length,
      },
      prices,
    );
  });

const main = async (): Promise<number> => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const wanted = chosen(options.names, options.all);
  if (wanted.length === 0 && !options.compare) throw new UserError(`which scenario?\n${USAGE}`);
  const prices = await readPrices(options.prices);
  return withScratchDirectory(async (dataDir) => {
    const local = await boot({ port: 0, dataDir });
    const say = options.json ? () => undefined : (text: string) => console.log(`${text}\n`);
    try {
      const played = [];
      for (const scenario of wanted) {
        const result = await ofScenario(scenario, local, prices);
        played.push(result);
        const failed = result.passed ? '' : ', which FAILED: the figures are of what it did';
        say(billTable(`${result.name} (${result.pattern})${failed}`, result.bill, prices));
      }
      const compared: Compared[] = [];
      for (const workload of options.compare ? workloads : [])
        compared.push(await ofWorkload(workload, local, prices));
      const standing = options.compare ? await standingOf(local, prices) : [];
      if (options.compare) say(`${comparisonTable(compared, prices)}\n\n${standingTable(standing, prices)}`);
      say(caveats(prices));
      const { date, region, currency } = prices;
      if (options.json)
        console.log(JSON.stringify({ date, region, currency, scenarios: played, compared, standing }));
      return played.every(({ passed }) => passed) ? 0 : 1;
    } finally {
      await local.running.close();
    }
  });
};

await command('npm run cost', main);
