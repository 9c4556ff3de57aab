import { randomBytes } from 'node:crypto';

/** What an X-Ray header says ("Tracing header" in the AWS X-Ray Developer Guide). */
export interface TraceHeader {
  /** `1-` and the beginning of the trace in seconds and 96 random bits, both hexadecimal. */
  readonly root: string;
  /** The segment that the request comes from. */
  readonly parent?: string;
  readonly sampled?: '0' | '1';
}

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=([01])(?:;|$)/i;

/** `undefined` for a header that names no trace. */
export const readTraceHeader = (header: string | undefined): TraceHeader | undefined => {
  const root = ROOT.exec(header ?? '')?.[1];
  if (header === undefined || root === undefined) return undefined;
  const parent = PARENT.exec(header)?.[1];
  const sampled = SAMPLED.exec(header)?.[1];
  return {
    root,
    ...(parent !== undefined && { parent }),
    ...((sampled === '0' || sampled === '1') && { sampled }),
  };
};

export const newTraceRoot = (nowMs: number): string =>
  `1-${Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomBytes(12).toString('hex')}`;

/**
 * The header of a new segment in the trace of `upstream`, or in a trace of its own. Nothing is sampled on this machine
 * unless the caller says so: there is nobody to send segments to.
 */
export const newSegment = (
  upstream: string | undefined,
  nowMs: number,
): { readonly root: string; readonly segment: string; readonly header: string } => {
  const { root, sampled = '0' } = readTraceHeader(upstream) ?? { root: newTraceRoot(nowMs) };
  const segment = randomBytes(8).toString('hex');
  return { root, segment, header: `Root=${root};Parent=${segment};Sampled=${sampled}` };
};
