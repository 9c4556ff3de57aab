import './quiet-log.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { kafkaActivityLog } from '../lambdas/adapters/kafka-activity-log.ts';
import { kafkaProducer } from '../lambdas/adapters/kafka-producer.ts';
import { bearer } from '../lambdas/adapters/kafka-tokens.ts';
import type { NotAppended } from '../lambdas/domain/activity-ports.ts';
import type { CloudEvent } from '../lambdas/messages/cloud-event.ts';
import {
  type GuardedDoor,
  type KafkaDoor,
  type KafkaScenario,
  NO_GUARD,
  withOwnTopic,
} from '../scenarios/kafka/app/door.ts';
import { readTopic } from '../scenarios/kafka/app/read-topic.ts';
import { type Stage, scenario } from '../scenarios/scenario.ts';

/** The client renews a session ten seconds before its token ends: these are renewed every second or so. */
const SHORT_LIFE_S = 11;
const LONGER_MS = 13_000;
const EVERY_MS = 250;
const HOUR_S = 3_600;

type Token = () => string;

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A JSON Web Token without a signature (RFC 7519, 6 "Unsecured JWTs"). */
const tokenOf = (lifeS: number, fromS = Date.now() / 1_000): string =>
  `${encoded({ alg: 'none' })}.${encoded({ sub: 'activity', iat: fromS, exp: fromS + lifeS })}.`;

const refusedTokens: readonly { readonly what: string; readonly token: Token }[] = [
  { what: 'something that is no token', token: () => 'no-token' },
  { what: 'a token that has expired', token: () => tokenOf(60, Date.now() / 1_000 - HOUR_S) },
  { what: 'a token of another time', token: () => tokenOf(60, Date.now() / 1_000 + HOUR_S) },
];

/** The producer's own code with tokens that the broker takes, which those of AWS are not. */
export const kafkaTokens = (door: KafkaDoor): KafkaScenario => ({
  ...scenario(
    'kafka-tokens',
    'log',
    'a token that is refused has a name and loses nothing; one that ends is renewed, without a new producer',
    async (stage) => {
      const { guarded } = door;
      if (!guarded) throw new Error(NO_GUARD);
      await withOwnTopic(door, 1, async (topic) => {
        const producers = await producersOf(guarded, topic);
        await refuse(stage, door, topic, producers);
        await renew(stage, producers);
        await settle(stage, door, topic, producers);
      });
    },
  ),
  leftOut: door.guarded ? undefined : NO_GUARD,
});

interface Producers {
  /** A new producer whose tokens are these; `asked` says how many. */
  with(token: Token): { append(): Promise<readonly NotAppended[]>; asked(): number };
  /** The ids of all events that were taken. */
  readonly taken: string[];
}

const producersOf = async (
  { bootstrapServers, certificate }: GuardedDoor,
  topic: string,
): Promise<Producers> => {
  const ca = await readFile(certificate, 'utf8');
  const taken: string[] = [];
  return {
    taken,
    with(token) {
      let asked = 0;
      const sasl = bearer(async () => {
        asked += 1;
        return token();
      });
      const security = async () => ({ ssl: { ca }, sasl });
      const log = kafkaActivityLog(kafkaProducer({ bootstrapServers, security }), topic);
      const append = async () => {
        const event = anEvent();
        const missing = await log.append([event]);
        if (missing.length === 0) taken.push(event.id);
        return missing;
      };
      return { append, asked: () => asked };
    },
  };
};

const anEvent = (): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/verify',
  type: 'verify.token',
  time: new Date().toISOString(),
  subject: 'one',
  datacontenttype: 'application/json',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  correlationid: 'one',
  causationid: 'one',
  data: {},
});

const refuse = async (
  { check, hop }: Stage,
  door: KafkaDoor,
  topic: string,
  producers: Producers,
): Promise<void> => {
  const known = producers.with(() => tokenOf(60));
  check('with a token that the broker takes an event is taken', (await known.append()).length === 0);
  for (const { what, token } of refusedTokens) {
    const [missing] = await producers.with(token).append();
    check(
      `${what}: the event is given back, with the name of what was wrong`,
      missing?.reason.startsWith('NotAuthenticated (not retryable)') ?? false,
      missing?.reason,
    );
  }
  const there = await readTopic(door, topic);
  check('and none of these is in the log', there.length === 1, there.length);
  let lifeS = -HOUR_S;
  const once = producers.with(() => tokenOf(lifeS));
  await once.append();
  lifeS = HOUR_S;
  check('the same producer goes on when its next token is good', (await once.append()).length === 0);
  hop('tokens that are refused');
};

/** One is at work all the time, the other one rests for longer than a session, as a frozen environment does. */
const renew = async ({ check, hop }: Stage, producers: Producers): Promise<void> => {
  const busy = producers.with(() => tokenOf(SHORT_LIFE_S));
  const frozen = producers.with(() => tokenOf(SHORT_LIFE_S));
  const until = Date.now() + LONGER_MS;
  const before = [await busy.append(), await frozen.append()].flat();
  const failures: NotAppended[] = [];
  let appended = 0;
  while (Date.now() < until) {
    failures.push(...(await busy.append()));
    appended += 1;
    await pause(EVERY_MS);
  }
  check('a producer at work outlives its token', before.length + failures.length === 0 && busy.asked() > 1, {
    appended,
    failures: failures.length,
    tokens: busy.asked(),
  });
  const missing = await frozen.append();
  check('so does one that rested until its session was over', missing.length === 0 && frozen.asked() > 1, {
    tokens: frozen.asked(),
  });
  hop(`tokens that live for ${SHORT_LIFE_S} s, for ${LONGER_MS / 1_000} s`);
};

const settle = async (
  { check }: Stage,
  door: KafkaDoor,
  topic: string,
  { taken }: Producers,
): Promise<void> => {
  const there = (await readTopic(door, topic)).map(({ headers }) => headers.ce_id);
  check('all that was acknowledged is in the log, once and in order', there.join() === taken.join(), {
    taken: taken.length,
    there: there.length,
  });
};
