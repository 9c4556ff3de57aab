import type { Outcome } from './run.ts';

/** The end of the story, for people. */
export const report = (outcome: Outcome): string => {
  if (outcome.status === 'failed') {
    const { type, title, detail } = outcome.error;
    return `\nfailed: ${title}${detail ? `\n  ${detail}` : ''}\n  ${type}`;
  }
  const { result, readyMs, totalMs } = outcome;
  return `\n${result.file}: ${result.contentType}, ${result.width} x ${result.height}, ${result.bytes} bytes
ready in ${readyMs} ms, the whole run ${totalMs} ms`;
};
