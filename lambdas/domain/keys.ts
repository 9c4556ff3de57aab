const UPLOADS = 'uploads/';

/** Where the upload of a job goes. */
export const uploadKey = (jobId: string): string => `${UPLOADS}${jobId}`;

/**
 * Which job an upload belongs to.
 * @throws {Error} for an object that is no upload: whoever put it there has made a mistake, and it must be seen
 */
export const jobIdOfUpload = (key: string): string => {
  if (!key.startsWith(UPLOADS) || key.length === UPLOADS.length)
    throw new Error(`${key} is not the key of an upload`);
  return key.slice(UPLOADS.length);
};

/** Where the result of a job goes: the same for every attempt, so that there is only ever one. */
export const resultKey = (jobId: string): string => `results/${jobId}`;
