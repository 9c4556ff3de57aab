const UPLOADS = 'uploads/';

/** Where the upload of a job goes. */
export const uploadKey = (jobId: string): string => `${UPLOADS}${jobId}`;

/** Which job an upload belongs to; `undefined` for an object that is no upload. */
export const jobIdOfUpload = (key: string): string | undefined =>
  key.startsWith(UPLOADS) && key.length > UPLOADS.length ? key.slice(UPLOADS.length) : undefined;

/** Where the result of a job goes: the same for every attempt, so that there is only ever one. */
export const resultKey = (jobId: string): string => `results/${jobId}`;
