/** `npm run verify:kafka [NAME...]`: the scenarios of Apache Kafka, on a real broker and a private local cloud. */
import { UserError } from '../local/errors.ts';
import type { Broker } from '../local/kafka/broker.ts';
import { findBroker, HOW_TO_GET_ONE } from '../local/kafka/find-broker.ts';
import { App } from '../scenarios/app/app.ts';
import type { KafkaScenario } from '../scenarios/kafka/app/door.ts';
import { kafkaScenarios } from '../scenarios/kafka/index.ts';
import { type Played, play } from '../scenarios/scenario.ts';
import { kafkaTokens } from '../verify/kafka-tokens.ts';
import { boot } from './boot.ts';
import { command } from './command.ts';
import { withScratchDirectory } from './scratch.ts';

const say = (line: string): void => console.log(line);

/** @throws {UserError} when a name is unknown, or all that is asked for needs another broker */
const wantedOf = (
  all: readonly KafkaScenario[],
  names: readonly string[],
): { readonly playable: readonly KafkaScenario[]; readonly leftOut: readonly KafkaScenario[] } => {
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UserError(`${unknown.join(', ')}: there are ${known.join(', ')}`);
  const wanted = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const playable = wanted.filter(({ leftOut }) => leftOut === undefined);
  const leftOut = wanted.filter((one) => one.leftOut !== undefined);
  if (playable.length === 0)
    throw new UserError(leftOut.map(({ name, leftOut: why }) => `${name}: ${why}`).join('\n'));
  return { playable, leftOut };
};

const playAll = async (
  broker: Broker,
  dataDir: string,
  wanted: readonly KafkaScenario[],
): Promise<Played[]> => {
  const { running, outputs, endpoint } = await boot({ port: 0, dataDir, kafka: broker.bootstrapServers });
  const played: Played[] = [];
  try {
    for (const one of wanted) {
      say(`\n${one.name}: ${one.proves}`);
      const app = new App({ name: 'local', outputs, endpoint });
      const result = await play(one, app, say);
      app.close();
      say(`  ${result.passed ? 'passed' : 'FAILED'} in ${result.ms} ms`);
      played.push(result);
    }
  } finally {
    await running.close();
  }
  return played;
};

const main = (): Promise<number> =>
  withScratchDirectory(async (dataDir) => {
    const startedAt = performance.now();
    const broker = await findBroker(dataDir, say, { guarded: true });
    if (!broker) throw new UserError(HOW_TO_GET_ONE);
    say(`Kafka: ${broker.origin}, ${broker.bootstrapServers}`);
    try {
      const all = [...kafkaScenarios(broker), kafkaTokens(broker)];
      const { playable, leftOut } = wantedOf(all, process.argv.slice(2));
      const played = await playAll(broker, dataDir, playable);
      const failed = played.filter(({ passed }) => !passed);
      say(`\n${played.length - failed.length} passed, ${failed.length} failed, ${leftOut.length} left out`);
      for (const { name, leftOut: why } of leftOut) say(`  left out: ${name}: ${why}`);
      say(`on ${broker.origin}, in ${Math.round((performance.now() - startedAt) / 1000)} s`);
      return failed.length === 0 ? 0 : 1;
    } finally {
      await broker.stop();
    }
  });

await command('npm run verify:kafka', main);
