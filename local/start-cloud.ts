import { join, resolve } from 'node:path';
import { Admin } from './admin.ts';
import { addControls } from './admin-controls.ts';
import { type Clock, SystemClock } from './clock.ts';
import type { Cloud, Foundation } from './cloud.ts';
import { lockDataDir } from './data-lock.ts';
import { portsWithFaults, sourceWithFaults } from './faults/deliveries.ts';
import type { FaultPlan } from './faults/plan.ts';
import { withFaults } from './faults/requests.ts';
import { Faults } from './faults.ts';
import { ADMIN, CONNECTIONS, EXECUTE_API } from './gateway/routes.ts';
import { traced } from './gateway/traced.ts';
import { Gateway } from './gateway.ts';
import { PolicyEngine } from './iam/policy-engine.ts';
import { keepSkippedTime } from './kept-time.ts';
import { MetricStore } from './metrics.ts';
import { KafkaEventSource } from './pollers/kafka.ts';
import { KinesisEventSource } from './pollers/kinesis.ts';
import type { Functions, Topics } from './ports.ts';
import { ApiGateway } from './services/api-gateway/service.ts';
import { CloudWatch } from './services/cloudwatch/service.ts';
import { DynamoDb } from './services/dynamodb/service.ts';
import { Kinesis } from './services/kinesis/service.ts';
import { Lambda } from './services/lambda/service.ts';
import { Msk } from './services/msk/service.ts';
import { S3 } from './services/s3/service.ts';
import type { Protocol } from './services/service.ts';
import { Sns } from './services/sns/service.ts';
import { queueGauges } from './services/sqs/gauges.ts';
import { Sqs } from './services/sqs/service.ts';
import { WebSocketApis } from './services/websocket/service.ts';
import { Store } from './store.ts';
import { Trace } from './trace.ts';

export interface CloudOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Where everything lives that must survive a restart; made when it is missing. */
  readonly dataDir: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 000000000000 */
  readonly account?: string;
  /** @default real time that can be moved forward */
  readonly clock?: Clock;
  /** `host:port` of a Kafka broker. @default none: a template with a cluster is refused */
  readonly kafka?: string;
  /** What goes wrong, once everything is deployed. @default nothing */
  readonly faults?: FaultPlan;
}

export interface RunningCloud {
  readonly cloud: Cloud;
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** Ends every process and connection of the cloud, and gives the data directory free. Once is enough. */
  close(): Promise<void>;
}

/**
 * Starts all services behind one endpoint, with what the data directory holds of an earlier run.
 * @throws {UserError} when the port or the data directory is taken.
 */
export const startCloud = async (options: CloudOptions): Promise<RunningCloud> => {
  const { port, region = 'us-east-1', account = '000000000000', clock = new SystemClock() } = options;
  // Functions run in the directory of their code: a relative name would mean another place there.
  const dataDir = resolve(options.dataDir);
  const unlock = lockDataDir(dataDir);
  const gateway = new Gateway();
  try {
    const endpoint = await gateway.listen(port);
    const store = new Store(join(dataDir, 'state.sqlite'));
    if (clock instanceof SystemClock) keepSkippedTime(clock, store);
    const metrics = new MetricStore(clock);
    const trace = new Trace();
    const foundation: Foundation = {
      clock,
      store,
      trace,
      ...(options.faults && { faults: new Faults(options.faults, { clock, trace }) }),
      iam: new PolicyEngine(account),
      metrics,
      account,
      region,
      endpoint,
      dataDir,
    };
    const cloud = compose(foundation, metrics, options.kafka);
    addControls(cloud.admin, cloud);
    gateway.serve({
      iam: cloud.iam,
      protocols: protocolsOf(cloud),
      upgrade: (request, socket, head) => cloud.webSocket.handleUpgrade(request, socket, head),
    });
    const end = async (): Promise<void> => {
      gateway.refuse();
      cloud.faults?.close();
      await closeServices(cloud);
      await gateway.close();
      if (clock instanceof SystemClock) clock.close();
      store.close();
      unlock();
    };
    let ended: Promise<void> | undefined;
    const close = (): Promise<void> => {
      ended ??= end();
      return ended;
    };
    return { cloud, endpoint, close };
  } catch (error) {
    await gateway.close();
    unlock();
    throw error;
  }
};

/** The services reach each other in a circle: what comes later is looked up when it is needed. */
const compose = (foundation: Foundation, metrics: MetricStore, kafka: string | undefined): Cloud => {
  const functions: Functions = {
    invoke: (...call) => lambda.invoke(...call),
    invokeAsync: (...call) => lambda.invokeAsync(...call),
  };
  const topics: Topics = { publish: (...call) => sns.publish(...call) };
  const sqs = new Sqs(foundation);
  const delivering = portsWithFaults({ queues: sqs, topics, functions }, foundation);
  const sns = new Sns(foundation, delivering);
  const s3 = new S3(foundation, delivering);
  const lambda = new Lambda(foundation, { queues: sqs, topics: () => sns, objects: () => s3 });
  const kinesis = new Kinesis(foundation);
  const msk = new Msk(foundation, kafka);
  const failurePorts = { queues: sqs, topics: () => sns, objects: () => s3 };
  const { eventSourceMappings } = lambda;
  const streams = new KinesisEventSource(foundation, kinesis, failurePorts);
  eventSourceMappings.register('kinesis', sourceWithFaults('kinesis', streams, foundation));
  eventSourceMappings.register('kafka', new KafkaEventSource(foundation, msk, failurePorts));
  return {
    ...foundation,
    admin: new Admin(foundation.endpoint),
    sqs,
    sns,
    s3,
    lambda,
    kinesis,
    msk,
    dynamodb: new DynamoDb(foundation),
    apiGateway: new ApiGateway(foundation, { functions }),
    webSocket: new WebSocketApis(foundation, { functions }),
    cloudWatch: new CloudWatch(foundation, {
      metrics,
      topics,
      gauges: [queueGauges(sqs, foundation.clock), msk.lag.gauge],
    }),
  };
};

const protocolsOf = (cloud: Cloud): ReadonlyMap<string, Protocol> => {
  const services: readonly (readonly [string, Protocol])[] = [
    ['sqs', cloud.sqs.protocol],
    ['sns', cloud.sns.protocol],
    ['kinesis', cloud.kinesis.protocol],
    ['lambda', cloud.lambda.protocol],
    ['s3', cloud.s3.protocol],
    ['dynamodb', cloud.dynamodb.protocol],
    ['monitoring', cloud.cloudWatch.protocol],
    [EXECUTE_API, cloud.apiGateway.protocol],
    [CONNECTIONS, cloud.webSocket.protocol],
  ];
  return new Map<string, Protocol>([
    ...services.map(
      ([name, protocol]) => [name, traced(withFaults(name, protocol, cloud.faults), cloud.trace)] as const,
    ),
    [ADMIN, cloud.admin],
  ]);
};

/** First those who start work, then those who store it: nothing is asked of a service that has ended. */
const closeServices = async (cloud: Cloud): Promise<void> => {
  await Promise.all([cloud.webSocket.close(), cloud.apiGateway.close()]);
  await Promise.all([cloud.lambda.close(), cloud.cloudWatch.close(), cloud.msk.close()]);
  await Promise.all([cloud.s3.close(), cloud.sns.close(), cloud.kinesis.close()]);
  await Promise.all([cloud.sqs.close(), cloud.dynamodb.close()]);
};
