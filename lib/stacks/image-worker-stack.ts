import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuditEventEnv } from '../../lambdas/audit-event/env.ts';
import { ExpireJobEnv } from '../../lambdas/expire-job/env.ts';
import { FailJobEnv } from '../../lambdas/fail-job/env.ts';
import { ProcessImageEnv } from '../../lambdas/process-image/env.ts';
import { ProjectJobEnv } from '../../lambdas/project-job/env.ts';
import { UploadReceivedEnv } from '../../lambdas/upload-received/env.ts';
import type { AppConfig } from '../config.ts';
import { FanOutTopic } from '../constructs/fan-out-topic.ts';
import { OrderedQueue } from '../constructs/ordered-queue.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { bindTable, readAndMove } from './job-table.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ImageWorkerStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
}

/** What happens to an image between its upload and its result: the queues, the topic and the functions on them. */
export class ImageWorkerStack extends Stack {
  readonly jobs: WorkQueue;
  readonly deadlines: WorkQueue;
  readonly jobEvents: FanOutTopic;
  /** That a job has changed, in order per job: from whoever moved it to whoever tells its watchers. */
  readonly jobChanges: OrderedQueue;

  constructor(scope: Construct, id: string, props: ImageWorkerStackProps) {
    super(scope, id, props);
    const { config, storage } = props;
    const { functions } = config;
    const alarms = storage.alarmOptions;

    this.jobs = new WorkQueue(this, 'Jobs', alarms);
    this.deadlines = new WorkQueue(this, 'Deadlines', alarms);
    this.jobEvents = new FanOutTopic(this, 'JobEvents', alarms);
    this.jobChanges = new OrderedQueue(this, 'JobChanges', alarms);
    const projections = new WorkQueue(this, 'Projections', alarms);
    const audits = new WorkQueue(this, 'Audits', alarms);
    this.jobEvents.subscribe(projections, { raw: true });
    this.jobEvents.subscribe(audits, { raw: true });

    const uploadReceived = new ServiceFunction(this, 'UploadReceived', {
      ...functions,
      entry: 'lambdas/upload-received/handler.ts',
      env: UploadReceivedEnv,
      description: 'Queues the job whose image was uploaded',
    });
    storage.uploadEvents.consumeWith(uploadReceived, { maxConcurrency: 5 });
    bindTable(uploadReceived, 'JOBS_TABLE', storage.jobs, readAndMove);
    this.jobs.sendFrom(uploadReceived, 'JOBS_QUEUE_URL');

    const processImage = new ServiceFunction(this, 'ProcessImage', {
      ...functions,
      entry: 'lambdas/process-image/handler.ts',
      env: ProcessImageEnv,
      description: 'Transforms an image',
      memorySize: 1769,
      timeout: Duration.seconds(30),
    });
    // One image at a time: its memory is known, and a slow one holds up no other.
    this.jobs.consumeWith(processImage, { batchSize: 1, maxConcurrency: config.imageConcurrency });
    bindTable(processImage, 'JOBS_TABLE', storage.jobs, readAndMove);
    storage.uploads.readFrom(processImage, 'UPLOADS_BUCKET', 'uploads/');
    storage.results.writeFrom(processImage, 'RESULTS_BUCKET', 'results/');
    this.jobEvents.publishFrom(processImage, 'JOB_EVENTS_TOPIC_ARN');

    const failJob = new ServiceFunction(this, 'FailJob', {
      ...functions,
      entry: 'lambdas/fail-job/handler.ts',
      env: FailJobEnv,
      description: 'Ends a job that was tried too often, and keeps its message',
    });
    const exhausted = this.jobs.onExhausted(failJob, 'JOBS_DEAD_LETTERS_URL');
    this.jobEvents.publishFrom(failJob, 'JOB_EVENTS_TOPIC_ARN');

    const projectJob = new ServiceFunction(this, 'ProjectJob', {
      ...functions,
      entry: 'lambdas/project-job/handler.ts',
      env: ProjectJobEnv,
      description: 'Moves jobs on as their events say',
    });
    projections.consumeWith(projectJob, { maxConcurrency: 5 });
    bindTable(projectJob, 'JOBS_TABLE', storage.jobs, readAndMove);

    const auditEvent = new ServiceFunction(this, 'AuditEvent', {
      ...functions,
      entry: 'lambdas/audit-event/handler.ts',
      env: AuditEventEnv,
      description: 'Keeps a copy of each job event',
    });
    audits.consumeWith(auditEvent, { maxConcurrency: 5 });
    storage.audit.writeFrom(auditEvent, 'AUDIT_BUCKET', 'events/');

    const expireJob = new ServiceFunction(this, 'ExpireJob', {
      ...functions,
      entry: 'lambdas/expire-job/handler.ts',
      env: ExpireJobEnv,
      description: 'Ends a job whose image never came',
    });
    this.deadlines.consumeWith(expireJob, { maxConcurrency: 5 });
    bindTable(expireJob, 'JOBS_TABLE', storage.jobs, readAndMove);

    for (const mover of [uploadReceived, processImage, projectJob, expireJob]) {
      this.jobChanges.sendFrom(mover, 'JOB_CHANGES_QUEUE_URL');
    }

    const { queue } = this.jobs;
    const deadLetters = this.jobs.deadLetters.queue;
    const outputs = {
      JobsQueueUrl: queue.queueUrl,
      JobsQueueArn: queue.queueArn,
      JobsExhaustedQueueUrl: exhausted.queue.queueUrl,
      JobsDeadLettersUrl: deadLetters.queueUrl,
      JobsDeadLettersArn: deadLetters.queueArn,
      DeadlinesQueueUrl: this.deadlines.queue.queueUrl,
      JobEventsTopicArn: this.jobEvents.topic.topicArn,
      UploadReceivedFunctionName: uploadReceived.function.functionName,
      ProcessImageFunctionName: processImage.function.functionName,
      FailJobFunctionName: failJob.function.functionName,
      ProjectJobFunctionName: projectJob.function.functionName,
      AuditEventFunctionName: auditEvent.function.functionName,
      ExpireJobFunctionName: expireJob.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
