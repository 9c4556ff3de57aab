import { openTarget, type Target } from './target.ts';

/** One statement about a service, with the page or the recording that says so. */
export type Check = (source: string, statement: string, run: (target: Target) => Promise<void>) => void;

/** How long a check may take where time cannot be moved. */
const LONGEST_MS = 90_000;

/**
 * The checks of one service, against one target; what a check makes is deleted after it.
 * @param define gets two ways to check: the second is for what takes minutes, and is left out where time cannot be moved.
 */
export const conformance = (service: string, define: (check: Check, checkWithTime: Check) => void): void => {
  describe(service, () => {
    let target: Target;

    beforeAll(async () => {
      target = await openTarget();
    });

    afterEach(() => target.clean());

    afterAll(() => target.close());

    const check: Check = (source, statement, run) => {
      test(`${statement} (${source})`, () => run(target), LONGEST_MS);
    };
    define(check, process.env.ENDPOINT ? () => undefined : check);
  });
};
