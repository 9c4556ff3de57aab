/** The side of a load that runs in a process of its own. */

/** Does one round against a server, and tells how much that was. */
export type Round = () => Promise<number>;

/**
 * Waits for slices to run: a message with the milliseconds starts one, and the answer is what was done per second.
 * @param lanes how many rounds are under way at once
 * @param connect prepares the load on the endpoint that is the process's first argument, with what the others say
 */
export const serveLoad = async (
  lanes: number,
  connect: (endpoint: string, ...args: readonly string[]) => Promise<Round>,
): Promise<void> => {
  const [endpoint, ...args] = process.argv.slice(2);
  if (endpoint === undefined) throw new Error('which endpoint?');
  const round = await connect(endpoint, ...args);
  process.on('message', async (sliceMs: number) => process.send?.(await slice(lanes, round, sliceMs)));
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
};

const slice = async (lanes: number, round: Round, sliceMs: number): Promise<number> => {
  const startedAt = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - startedAt < sliceMs) done += await round();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done / ((performance.now() - startedAt) / 1000);
};
