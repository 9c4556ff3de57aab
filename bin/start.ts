/** `npm start`: the local cloud up, the app deployed, one image pushed through as proof. */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { lockDataDir } from '../local/data-lock.ts';
import { UserError } from '../local/errors.ts';
import { readFaultPlan } from '../local/faults/plan.ts';
import { formatFidelity } from '../local/fidelity.ts';
import type { Broker } from '../local/kafka/broker.ts';
import { findBroker, HOW_TO_GET_ONE } from '../local/kafka/find-broker.ts';
import { App } from '../scenarios/app/app.ts';
import { findOutput } from '../scenarios/app/outputs.ts';
import { imageJob } from '../scenarios/image-job.ts';
import { play } from '../scenarios/scenario.ts';
import { boot, type LocalApp } from './boot.ts';
import { command, interrupted } from './command.ts';
import { collectWhenIdle } from './idle-memory.ts';

const USAGE = `npm start -- [options]
  --port N         where the cloud answers on 127.0.0.1 (4566)
  --data DIR       what survives a restart (.local)
  --fresh          forget what an earlier run left in --data
  --assembly DIR   run another app's cdk.out instead
  --faults FILE    faults on demand, seeded (docs/faults.md)
  --kafka          Apache Kafka beside it, and the app's Kafka stack
  --no-demo        do not push an image through`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4566' },
      data: { type: 'string', default: '.local' },
      fresh: { type: 'boolean', default: false },
      assembly: { type: 'string' },
      faults: { type: 'string' },
      kafka: { type: 'boolean', default: false },
      'no-demo': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`--port ${values.port}: a port is a whole number from 0 to 65535`);
  }
  return { ...values, port, demo: !values['no-demo'] && values.assembly === undefined };
};

const printUrls = ({ endpoint, outputs, outputsFile }: LocalApp): void => {
  console.log(
    `\nEndpoint  ${endpoint}   (any AWS client: aws --region us-east-1 --endpoint-url ${endpoint} sqs list-queues, with any keys)`,
  );
  for (const [stack, values] of Object.entries(outputs)) {
    for (const [name, value] of Object.entries(values)) {
      if (!name.startsWith('ExportsOutput')) console.log(`  ${stack}.${name} = ${value}`);
    }
  }
  console.log(`Outputs   ${outputsFile}`);
};

const printCurl = (outputs: LocalApp['outputs']): void => {
  const api = findOutput(outputs, 'ApiUrl').replace(/\/$/, '');
  console.log(`
Try it with a photo.jpg of up to 2 MB in this directory
  API=${api}
  curl -s -X POST $API/v1/jobs -H 'content-type: application/json' \\
    -d '{"contentType":"image/jpeg","contentLength":2000000,"operations":[{"op":"resize","width":320}]}' > job.json
  node -p 'const {upload:u}=JSON.parse(fs.readFileSync("job.json"));["curl -s",...Object.entries(u.fields).map(([k,v])=>"-F \\x27"+k+"="+v+"\\x27"),"-F file=@photo.jpg",u.url].join(" ")' | sh
  ID=$(node -p 'JSON.parse(fs.readFileSync("job.json")).id')
  until curl -s $API/v1/jobs/$ID | grep -qE '"status":"(succeeded|failed|expired)"'; do sleep 0.2; done
  curl -s $API/v1/jobs/$ID
  curl -sfL $API/v1/jobs/$ID/result -o result.jpg`);
};

const prove = async ({ outputs, endpoint }: LocalApp): Promise<boolean> => {
  console.log('\nOne image, end to end');
  const app = new App({ name: 'local', outputs, endpoint });
  const { passed } = await play(imageJob, app, (line) => console.log(line));
  app.close();
  return passed;
};

const main = async (): Promise<number> => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const stop = interrupted();
  if (options.fresh) await forget(options.data);
  const broker = options.kafka ? await kafkaBroker(options.data) : undefined;
  try {
    return await run(options, broker?.bootstrapServers, stop);
  } finally {
    await broker?.stop();
  }
};

/** Only what no other cloud works on. */
const forget = async (dataDir: string): Promise<void> => {
  const unlock = lockDataDir(dataDir);
  await rm(dataDir, { recursive: true, force: true });
  unlock();
};

/** Says which broker it is, or how to get one: everything else runs without. */
const kafkaBroker = async (dataDir: string): Promise<Broker | undefined> => {
  const broker = await findBroker(dataDir, (line) => console.log(line));
  console.log(broker ? `Kafka: ${broker.origin}, ${broker.bootstrapServers}` : HOW_TO_GET_ONE);
  return broker;
};

const run = async (
  options: ReturnType<typeof readOptions>,
  kafka: string | undefined,
  stop: Promise<undefined>,
): Promise<number> => {
  const app = await boot({
    port: options.port,
    dataDir: options.data,
    ...(options.assembly !== undefined && { assembly: options.assembly }),
    ...(kafka !== undefined && { kafka }),
    ...(options.faults !== undefined && { faults: readFaultPlan(options.faults) }),
  });
  try {
    console.log(`Synthesized in ${app.synthMs} ms, ready in ${app.readyMs} ms\n`);
    console.log(formatFidelity(app.fidelity));
    const proved = options.demo ? await Promise.race([prove(app), stop]) : true;
    if (proved === undefined) return 0;
    if (!proved) throw new UserError('the proof failed: see the checks above');
    printUrls(app);
    if (options.assembly === undefined) printCurl(app.outputs);
    console.log('\nReady. Ctrl-C ends it.');
    collectWhenIdle();
    await stop;
    return 0;
  } finally {
    await app.running.close();
  }
};

await command('npm start', main);
