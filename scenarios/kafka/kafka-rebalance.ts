import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { AssignerProtocol } from 'kafkajs';
import { nameOf, PATIENTLY } from '../app/activity.ts';
import type { App } from '../app/app.ts';
import { sourcesOf } from '../app/consumers.ts';
import { outOfOrder } from '../app/order.ts';
import { until } from '../app/until.ts';
import { type Scenario, scenario } from '../scenario.ts';
import { type KafkaDoor, withAdmin, withProducer } from './app/door.ts';
import { OwnEvents } from './app/own-events.ts';

const SUBJECTS = Array.from({ length: 18 }, (_, index) => `subject-${index}`);
const ROUNDS = 40;
const PAUSE_MS = 50;
const REBALANCED = { timeoutMs: 300_000, everyMs: 100 };

export const kafkaRebalance = (door: KafkaDoor): Scenario =>
  scenario(
    'kafka-rebalance',
    'log',
    'the pollers of a function grow to three and shrink to one while it works and is killed: nothing lost, nothing counted twice',
    async ({ app, check, hop }) => {
      const counter = app.output('KafkaCountActivityFunctionName');
      const events = await OwnEvents.begin(app);
      const producing = produce(app, door, events);
      try {
        await setPollers(app, counter, 3);
        const members = await untilMembers(app, door, counter, 3);
        hop('three pollers share the partitions');
        check('each partition has one poller, and each poller its share', fairly(members), members);
        await until(
          'the function to be at work',
          () => events.counted(),
          (count) => count > 0,
          PATIENTLY,
        );
        await app.local?.killEnvironment(counter);
        hop('the function killed in the middle of its work');
      } finally {
        await setPollers(app, counter, 1);
        await producing;
      }
      await untilMembers(app, door, counter, 1);
      hop('one poller has all partitions again');

      const put = await producing;
      const counted = await until(
        `${put} counted events`,
        () => events.counted(),
        (count) => count >= put,
        PATIENTLY,
      );
      check('each event is counted once, however often it was delivered', counted === put, { counted, put });
      const archived = await until(
        `${put} archived events`,
        () => events.archived(),
        ({ length }) => length >= put,
        PATIENTLY,
      );
      const numbered = archived.map((line) => ({
        key: line.event.subject,
        n: Number(nameOf(line).split('/')[1]),
      }));
      check('the other group did not notice', archived.length === put && outOfOrder(numbered).length === 0, {
        archived: archived.length,
      });
    },
  );

/** Round after round, slowly enough for the group to change meanwhile. @returns how many */
const produce = (app: App, door: KafkaDoor, events: OwnEvents): Promise<number> =>
  withProducer(door, async (producer) => {
    const topic = app.output('KafkaActivityTopicName');
    for (let n = 0; n < ROUNDS; n += 1) {
      await producer.send({ topic, acks: -1, messages: SUBJECTS.map((subject) => events.event(subject, n)) });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return SUBJECTS.length * ROUNDS;
  });

const setPollers = async (app: App, functionName: string, pollers: number): Promise<void> => {
  for (const { UUID } of await sourcesOf(app, functionName)) {
    const ProvisionedPollerConfig = { MinimumPollers: pollers, MaximumPollers: pollers };
    await app.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ProvisionedPollerConfig }));
  }
};

/** The partitions of each member of the function's group, once there are so many and all have joined. */
const untilMembers = async (
  app: App,
  door: KafkaDoor,
  functionName: string,
  count: number,
): Promise<readonly number[][]> => {
  const [source] = await sourcesOf(app, functionName);
  const groupId = source?.AmazonManagedKafkaEventSourceConfig?.ConsumerGroupId ?? source?.UUID ?? '';
  const group = await until(
    `${count} members of ${groupId}`,
    () => withAdmin(door, (admin) => admin.describeGroups([groupId])),
    ({ groups: [found] }) => found?.state === 'Stable' && found.members.length === count,
    REBALANCED,
  );
  return (group.groups[0]?.members ?? []).map(({ memberAssignment }) => partitionsIn(memberAssignment));
};

const partitionsIn = (assignment: Buffer): number[] =>
  Object.values(AssignerProtocol.MemberAssignment.decode(assignment)?.assignment ?? {}).flat();

const fairly = (members: readonly (readonly number[])[]): boolean =>
  members.every(({ length }) => length > 0) && new Set(members.flat()).size === members.flat().length;
