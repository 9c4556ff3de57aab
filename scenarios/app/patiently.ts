const THROTTLED_ATTEMPTS = 12;

/** Does what every client of a throttled API must: after a 429 it asks again, later and later, with jitter. */
export const patiently = async (ask: () => Promise<Response>): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask();
    if (response.status !== 429 || attempt === THROTTLED_ATTEMPTS) return response;
    await response.body?.cancel();
    const pauseMs = Math.min(2_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};
