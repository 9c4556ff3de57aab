import type { APIGatewayProxyResult, SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { sqsRecord } from './records.ts';
import { restEvent } from './rest-event.ts';
import { type StubAws, startStubAws } from './stub-aws.ts';
import { connectionsTable, startTable, type Table, webhooksTable } from './table.ts';

/** Handlers read their environment when they are loaded. */
const loadHandlers = async () => ({
  requestJob: (await import('../../../lambdas/request-job/handler.ts')).handler,
  listJobs: (await import('../../../lambdas/list-jobs/handler.ts')).handler,
  getJob: (await import('../../../lambdas/get-job/handler.ts')).handler,
  getResult: (await import('../../../lambdas/get-result/handler.ts')).handler,
  cancelJob: (await import('../../../lambdas/cancel-job/handler.ts')).handler,
  uploadReceived: (await import('../../../lambdas/upload-received/handler.ts')).handler,
  processImage: (await import('../../../lambdas/process-image/handler.ts')).handler,
  projectJob: (await import('../../../lambdas/project-job/handler.ts')).handler,
  auditEvent: (await import('../../../lambdas/audit-event/handler.ts')).handler,
  failJob: (await import('../../../lambdas/fail-job/handler.ts')).handler,
  expireJob: (await import('../../../lambdas/expire-job/handler.ts')).handler,
});

type Handlers = Awaited<ReturnType<typeof loadHandlers>>;

type Consumer = (event: { Records: ReturnType<typeof sqsRecord>[] }) => Promise<SQSBatchResponse>;

const Accepted = z.looseObject({
  id: z.uuid(),
  status: z.literal('awaiting_upload'),
  upload: z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }),
});

/** The unmodified handlers on a real table and a stub of the rest; messages go on only as a test delivers them. */
export class ImageService {
  readonly handlers: Handlers;
  readonly aws: StubAws;
  readonly #table: Table;

  constructor(handlers: Handlers, aws: StubAws, table: Table) {
    this.handlers = handlers;
    this.aws = aws;
    this.#table = table;
  }

  async request(owner = 'alice', more: object = {}) {
    const operations = [{ op: 'resize', width: 40 }];
    const body = JSON.stringify({ contentType: 'image/jpeg', contentLength: 1_000_000, operations, ...more });
    const response = await this.handlers.requestJob(restEvent({ body, headers: { 'x-caller-id': owner } }));
    return { response, job: Accepted.parse(JSON.parse(response.body)) };
  }

  async show(id: string): Promise<Record<string, unknown>> {
    return json(await this.handlers.getJob(about(id)));
  }

  /** Puts the image where the form would, without a word to anybody. */
  store(id: string, image: Uint8Array): void {
    const object = { body: Buffer.from(image), contentType: 'image/jpeg' };
    this.aws.objects.set(`uploads-bucket/uploads/${id}`, object);
  }

  notify(id: string): Promise<'handled' | 'failed'> {
    const Records = [{ eventName: 'ObjectCreated:Post', s3: { object: { key: `uploads/${id}` } } }];
    return this.deliver('uploadReceived', JSON.stringify({ Records }));
  }

  async deliver(
    name: 'uploadReceived' | 'processImage' | 'projectJob' | 'auditEvent' | 'failJob' | 'expireJob',
    body: string,
  ): Promise<'handled' | 'failed'> {
    const consumer: Consumer = this.handlers[name];
    const { batchItemFailures } = await consumer({ Records: [sqsRecord('m-1', body)] });
    return batchItemFailures.length === 0 ? 'handled' : 'failed';
  }

  /** Everything from the upload to the projection of the outcome, as the queues and the topic would deliver it. */
  async upload(id: string, image: Uint8Array): Promise<void> {
    this.store(id, image);
    await this.notify(id);
    await this.deliver('processImage', this.lastSent());
    await this.deliver('projectJob', this.lastPublished());
  }

  lastSent(): string {
    return this.aws.sent.at(-1)?.MessageBody ?? '';
  }

  lastPublished(): string {
    return this.aws.published.at(-1)?.get('Message') ?? '';
  }

  forgetMessages(): void {
    this.aws.sent.length = 0;
    this.aws.sentInOrder.length = 0;
    this.aws.published.length = 0;
    this.aws.posted.length = 0;
    this.aws.hidden.length = 0;
  }

  async close(): Promise<void> {
    await this.aws.close();
    await this.#table.close();
  }
}

export const startImageService = async (): Promise<ImageService> => {
  const table = await startTable();
  const aws = await startStubAws();
  Object.assign(process.env, {
    JOBS_TABLE: await table.create(),
    UPLOADS_BUCKET: 'uploads-bucket',
    RESULTS_BUCKET: 'results-bucket',
    AUDIT_BUCKET: 'audit-bucket',
    CONNECTIONS_TABLE: await table.create(connectionsTable),
    PUSH_ENDPOINT: `${aws.endpoint}/live`,
    JOB_WEBHOOKS_QUEUE_URL: `${aws.endpoint}/000000000000/job-webhooks.fifo`,
    WEBHOOKS_TABLE: await table.create(webhooksTable),
    ALLOW_PRIVATE_WEBHOOKS: 'false',
    JOB_CHANGES_QUEUE_URL: `${aws.endpoint}/000000000000/job-changes.fifo`,
    JOBS_QUEUE_URL: `${aws.endpoint}/000000000000/jobs`,
    DEADLINES_QUEUE_URL: `${aws.endpoint}/000000000000/deadlines`,
    JOBS_DEAD_LETTERS_URL: `${aws.endpoint}/000000000000/dead-letters`,
    JOB_EVENTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:events',
    AWS_LAMBDA_LOG_LEVEL: 'FATAL',
  });
  return new ImageService(await loadHandlers(), aws, table);
};

/** A request about one job, by its owner unless other headers say otherwise. */
export const about = (id: string, suffix = '', headers: Record<string, string> = {}) =>
  restEvent({
    path: `/v1/jobs/${id}${suffix}`,
    pathParameters: { id },
    headers: { 'x-caller-id': 'alice', ...headers },
  });

export const json = ({ body }: APIGatewayProxyResult): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(body));
