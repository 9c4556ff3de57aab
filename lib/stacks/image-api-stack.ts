import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import { CancelJobEnv } from '../../lambdas/cancel-job/env.ts';
import { GetJobEnv } from '../../lambdas/get-job/env.ts';
import { GetResultEnv } from '../../lambdas/get-result/env.ts';
import { ListJobsEnv } from '../../lambdas/list-jobs/env.ts';
import { JobRequest } from '../../lambdas/messages/job-request.ts';
import { RequestJobEnv } from '../../lambdas/request-job/env.ts';
import type { AppConfig } from '../config.ts';
import { RestEndpoint } from '../constructs/rest-endpoint.ts';
import { ServiceApi } from '../constructs/service-api.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { ImageWorkerStack } from './image-worker-stack.ts';
import { allowIndex, bindTable, readAndMove } from './job-table.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ImageApiStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
  readonly worker: ImageWorkerStack;
}

/** The front door: what clients ask for and how their jobs are doing. */
export class ImageApiStack extends Stack {
  readonly api: ServiceApi;

  constructor(scope: Construct, id: string, props: ImageApiStackProps) {
    super(scope, id, props);
    const { config, storage, worker } = props;
    this.api = new ServiceApi(this, 'Api', {
      description: 'Image jobs',
      logRetention: config.functions.logRetention,
    });
    const { api } = this;
    const define = (id: string, name: string, description: string, env: z.ZodObject) =>
      new ServiceFunction(this, id, {
        ...config.functions,
        entry: `lambdas/${name}/handler.ts`,
        env,
        description,
        memorySize: 512,
      });

    const requestJob = define(
      'RequestJob',
      'request-job',
      'Takes a job and hands out its upload form',
      RequestJobEnv,
    );
    bindTable(requestJob, 'JOBS_TABLE', storage.jobs, ['dynamodb:PutItem']);
    // The upload form is signed with this function's own permission.
    storage.uploads.writeFrom(requestJob, 'UPLOADS_BUCKET', 'uploads/');
    worker.deadlines.sendFrom(requestJob, 'DEADLINES_QUEUE_URL');
    new RestEndpoint(this, 'PostJob', {
      api,
      method: 'POST',
      path: '/v1/jobs',
      handler: requestJob,
      body: JobRequest,
    });

    const listJobs = define('ListJobs', 'list-jobs', "Lists a caller's jobs", ListJobsEnv);
    listJobs.addEnvironment('JOBS_TABLE', storage.jobs.tableName);
    allowIndex(listJobs, storage.jobs, 'byOwner');
    new RestEndpoint(this, 'GetJobs', { api, method: 'GET', path: '/v1/jobs', handler: listJobs });

    const getJob = define('GetJob', 'get-job', 'Tells how a job is doing', GetJobEnv);
    bindTable(getJob, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
    new RestEndpoint(this, 'GetOneJob', { api, method: 'GET', path: '/v1/jobs/{id}', handler: getJob });

    const getResult = define('GetResult', 'get-result', 'Sends the caller to the result', GetResultEnv);
    bindTable(getResult, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
    storage.results.readFrom(getResult, 'RESULTS_BUCKET', 'results/');
    new RestEndpoint(this, 'GetJobResult', {
      api,
      method: 'GET',
      path: '/v1/jobs/{id}/result',
      handler: getResult,
    });

    const cancelJob = define('CancelJob', 'cancel-job', 'Stops a job that is not done', CancelJobEnv);
    bindTable(cancelJob, 'JOBS_TABLE', storage.jobs, readAndMove);
    new RestEndpoint(this, 'PostCancel', {
      api,
      method: 'POST',
      path: '/v1/jobs/{id}/cancel',
      handler: cancelJob,
    });

    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }
}
