import { CancelJobEnv } from '../../../lambdas/cancel-job/env.ts';
import { GetJobEnv } from '../../../lambdas/get-job/env.ts';
import { GetResultEnv } from '../../../lambdas/get-result/env.ts';
import { ListJobsEnv } from '../../../lambdas/list-jobs/env.ts';
import { JobRequest } from '../../../lambdas/messages/job-request.ts';
import { RequestJobEnv } from '../../../lambdas/request-job/env.ts';
import { RestEndpoint } from '../../constructs/rest-endpoint.ts';
import type { ImageWorkerStack } from '../image-worker-stack.ts';
import { allowIndex, bindTable, readAndMove } from '../job-table.ts';
import type { PushStack } from '../push-stack.ts';
import type { StorageStack } from '../storage-stack.ts';
import { answering, type Door } from './door.ts';

/** Asynchronous request/response: jobs are accepted, asked after, fetched and canceled. */
export const jobRoutes = (
  door: Door,
  storage: StorageStack,
  worker: ImageWorkerStack,
  push: PushStack,
): void => {
  const { scope, api } = door;

  const requestJob = answering(
    door,
    'RequestJob',
    'request-job',
    'Takes a job and hands out its upload form',
    RequestJobEnv,
  );
  bindTable(requestJob, 'JOBS_TABLE', storage.jobs, ['dynamodb:PutItem']);
  // The upload form is signed with this function's own permission.
  storage.uploads.writeFrom(requestJob, 'UPLOADS_BUCKET', 'uploads/');
  bindTable(requestJob, 'WEBHOOKS_TABLE', push.webhooks, ['dynamodb:PutItem']);
  requestJob.addEnvironment('ALLOW_PRIVATE_WEBHOOKS', String(door.config.allowPrivateWebhooks));
  worker.deadlines.sendFrom(requestJob, 'DEADLINES_QUEUE_URL');
  new RestEndpoint(scope, 'PostJob', {
    api,
    method: 'POST',
    path: '/v1/jobs',
    handler: requestJob,
    body: JobRequest,
  });

  const listJobs = answering(door, 'ListJobs', 'list-jobs', "Lists a caller's jobs", ListJobsEnv);
  listJobs.addEnvironment('JOBS_TABLE', storage.jobs.tableName);
  allowIndex(listJobs, storage.jobs, 'byOwner');
  new RestEndpoint(scope, 'GetJobs', { api, method: 'GET', path: '/v1/jobs', handler: listJobs });

  const getJob = answering(door, 'GetJob', 'get-job', 'Tells how a job is doing', GetJobEnv);
  bindTable(getJob, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
  new RestEndpoint(scope, 'GetOneJob', { api, method: 'GET', path: '/v1/jobs/{id}', handler: getJob });

  const getResult = answering(
    door,
    'GetResult',
    'get-result',
    'Sends the caller to the result',
    GetResultEnv,
  );
  bindTable(getResult, 'JOBS_TABLE', storage.jobs, ['dynamodb:GetItem']);
  storage.results.readFrom(getResult, 'RESULTS_BUCKET', 'results/');
  new RestEndpoint(scope, 'GetJobResult', {
    api,
    method: 'GET',
    path: '/v1/jobs/{id}/result',
    handler: getResult,
  });

  const cancelJob = answering(door, 'CancelJob', 'cancel-job', 'Stops a job that is not done', CancelJobEnv);
  bindTable(cancelJob, 'JOBS_TABLE', storage.jobs, readAndMove);
  worker.jobChanges.sendFrom(cancelJob, 'JOB_CHANGES_QUEUE_URL');
  new RestEndpoint(scope, 'PostCancel', {
    api,
    method: 'POST',
    path: '/v1/jobs/{id}/cancel',
    handler: cancelJob,
  });
};
