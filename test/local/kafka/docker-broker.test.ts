import { type DockerTools, docker, startDockerBroker } from '../../../local/kafka/docker-broker.ts';
import { KAFKA_VERSION } from '../../../local/kafka/jars.ts';

/** Docker as it would answer, and what it is asked for. */
const dockerThat = ({ says = { code: 0, output: '' }, answers = true } = {}) => {
  const asked: string[] = [];
  const guards: string[] = [];
  const tools: DockerTools = {
    run: async (program, args) => {
      asked.push([program, ...args].join(' '));
      if (args[0] === 'logs') return { code: 0, output: 'java.lang.OutOfMemoryError\n' };
      return args[0] === 'run' ? says : { code: 0, output: '' };
    },
    answering: async () => answers,
    freePorts: async () => [41_234],
    whenThisProcessEnds: (command) => {
      guards.push(command);
      return { kill: () => guards.splice(guards.indexOf(command), 1) };
    },
  };
  return { tools, asked, guards };
};

const nameIn = (command = ''): string => /serverless-ipc-kafka-[0-9a-f]{8}/.exec(command)?.[0] ?? '';

test('the container has one way in, a port of this machine, and tells its clients that one', async () => {
  const { tools, asked } = dockerThat();

  const broker = await startDockerBroker(tools);

  expect(broker).toMatchObject({
    bootstrapServers: '127.0.0.1:41234',
    origin: `apache/kafka-native:${KAFKA_VERSION} in Docker`,
  });
  expect(asked).toHaveLength(1);
  const [command = ''] = asked;
  expect(command).toMatch(
    /^docker run -d --name serverless-ipc-kafka-[0-9a-f]{8} -p 127\.0\.0\.1:41234:9092 -e /,
  );
  expect(command.endsWith(` apache/kafka-native:${KAFKA_VERSION}`)).toBe(true);
  expect(command).toContain(' -e KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093 ');
  expect(command).toContain(' -e KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:41234 ');
  expect(command).toContain(' -e KAFKA_PROCESS_ROLES=broker,controller ');
  expect(command).toContain(' -e KAFKA_AUTO_CREATE_TOPICS_ENABLE=false ');
});

test('it goes when it is stopped, and when the process ends without that', async () => {
  const { tools, asked, guards } = dockerThat();
  const broker = await startDockerBroker(tools);
  const name = nameIn(asked[0]);
  expect(guards).toEqual([`docker rm -f ${name}`]);

  await broker.stop();

  expect(asked.at(-1)).toBe(`docker rm -f ${name}`);
  expect(guards).toEqual([]);
});

test('it can be taken away without a warning, and comes back as the same container', async () => {
  const { tools, asked } = dockerThat();
  const broker = await startDockerBroker(tools);
  const name = nameIn(asked[0]);

  await broker.outage?.kill();
  await broker.outage?.restart();

  expect(asked.slice(1)).toEqual([`docker kill --signal KILL ${name}`, `docker start ${name}`]);
});

test('a container that Docker does not start is refused with what Docker says, and nothing is left', async () => {
  const says = { code: 125, output: 'Unable to find image\ntoomanyrequests: rate limit' };
  const { tools, asked, guards } = dockerThat({ says });

  const started = startDockerBroker(tools);

  await expect(started).rejects.toThrow(
    `Docker could not run apache/kafka-native:${KAFKA_VERSION}:\nUnable to find image\ntoomanyrequests: rate limit`,
  );
  expect(asked.at(-1)).toBe(`docker rm -f ${nameIn(asked[0])}`);
  expect(guards).toEqual([]);
});

test('a broker that does not answer is refused with what it said, and nothing is left', async () => {
  const { tools, asked, guards } = dockerThat({ answers: false });

  const started = startDockerBroker(tools);

  await expect(started).rejects.toThrow(
    `apache/kafka-native:${KAFKA_VERSION} does not answer in Docker:\njava.lang.OutOfMemoryError`,
  );
  expect(asked.at(-1)).toBe(`docker rm -f ${nameIn(asked[0])}`);
  expect(guards).toEqual([]);
});

test.each([
  ['no program', undefined, 'absent'],
  ['a program without its daemon', 1, 'silent'],
  ['a daemon that answers', 0, 'ready'],
])('%s is Docker that is %s', async (_, code, state) => {
  expect(await docker({ run: async () => ({ code, output: '' }) })).toBe(state);
});
