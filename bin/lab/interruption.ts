import { constants } from 'node:os';

/** Whoever ends the lab gets what is done so far; whoever insists ends it at once. */
export const interruption = (
  say: (line: string) => void,
): { readonly signal: AbortSignal; readonly exitCode: () => number } => {
  const stopping = new AbortController();
  let code = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      code = 128 + constants.signals[name];
      if (stopping.signal.aborted) process.exit(code);
      say(
        'interrupted: the run under way is left out, what is done so far is reported. Once more ends it at once.',
      );
      stopping.abort();
    });
  return { signal: stopping.signal, exitCode: () => code };
};
