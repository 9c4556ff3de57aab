/**
 * Asks again and again until the answer is good, and gives it back.
 *
 * @param what named in the error, as in "the queue to be empty"
 * @throws Error that says what was last seen, after `timeoutMs` of real time
 */
export const until = async <T>(
  what: string,
  ask: () => Promise<T> | T,
  good: (answer: T) => boolean,
  { timeoutMs = 30_000, everyMs = 20 } = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
