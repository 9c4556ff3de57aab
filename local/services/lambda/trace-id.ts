import { randomBytes } from 'node:crypto';

/** The header of a trace that begins here; nothing here is sampled. */
export const newTraceId = (): string =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
