/** What the loads on a queue send: full cycles of so many messages, so many at once. */
export const LANES = 8;
export const BATCH = 10;
export const BODY = 'x'.repeat(256);
