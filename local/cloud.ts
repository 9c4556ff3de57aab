import type { Admin } from './admin.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Iam } from './iam.ts';
import type { Metrics } from './ports.ts';
import type { ApiGateway } from './services/api-gateway/service.ts';
import type { CloudWatch } from './services/cloudwatch/service.ts';
import type { DynamoDb } from './services/dynamodb/service.ts';
import type { Kinesis } from './services/kinesis/service.ts';
import type { Lambda } from './services/lambda/service.ts';
import type { Msk } from './services/msk/service.ts';
import type { S3 } from './services/s3/service.ts';
import type { Sns } from './services/sns/service.ts';
import type { Sqs } from './services/sqs/service.ts';
import type { WebSocketApis } from './services/websocket/service.ts';
import type { Store } from './store.ts';
import type { Trace } from './trace.ts';

/** What every service stands on. */
export interface Foundation {
  readonly clock: Clock;
  readonly store: Store;
  readonly trace: Trace;
  readonly iam: Iam;
  readonly metrics: Metrics;
  /** Only where somebody has asked for faults. */
  readonly faults?: Faults;
  readonly account: string;
  readonly region: string;
  /** `http://127.0.0.1:4566`: where every service answers. */
  readonly endpoint: string;
  /** Where files live: objects, tables, function code. */
  readonly dataDir: string;
}

/** The running local cloud, as resource types see it. */
export interface Cloud extends Foundation {
  /** The cloud's own controls under `/_local/`: whoever needs a path there adds it. */
  readonly admin: Admin;
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly kinesis: Kinesis;
  readonly msk: Msk;
  readonly lambda: Lambda;
  readonly s3: S3;
  readonly dynamodb: DynamoDb;
  readonly apiGateway: ApiGateway;
  readonly cloudWatch: CloudWatch;
  readonly webSocket: WebSocketApis;
}
