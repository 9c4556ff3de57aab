import { hasEnded, type Job } from '../domain/job.ts';

/** Where a job is found: an absolute path, which resolves on every target. */
export const jobPath = (jobsPath: string, id: string): string => `${jobsPath}/${id}`;

/** A job as its owner sees it: without what is only for us, and with links to what can be done next. */
export const describeJob = (job: Job, jobsPath: string): object => {
  const { trace: _trace, owner: _owner, ...shown } = job;
  const self = jobPath(jobsPath, job.id);
  return {
    ...shown,
    links: {
      self,
      ...(job.status === 'succeeded' && { result: `${self}/result` }),
      ...(!hasEnded(job) && { cancel: `${self}/cancel` }),
    },
  };
};

/** Changes whenever the job does (RFC 9110, 8.8.3). */
export const etagOf = ({ seq }: Job): string => `"${seq}"`;

/** Whether the client already has what it asks for: weak comparison, as RFC 9110, 13.1.2 wants it. */
export const isUnchanged = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
