import { z } from 'zod';
import type { SystemClock } from './clock.ts';
import type { Store } from './store.ts';

const table =
  'CREATE TABLE IF NOT EXISTS skipped_time (id INTEGER PRIMARY KEY CHECK (id = 1), ms INTEGER NOT NULL);';
const row = z.object({ ms: z.number() });

/**
 * Goes on with the time to which an earlier run was moved: else what came after a skip would lie in the future,
 * messages hidden and records unread until the machine's time has caught up.
 */
export const keepSkippedTime = (clock: SystemClock, store: Store): void => {
  store.declare(table);
  const [kept] = store.read('SELECT ms FROM skipped_time');
  if (kept) clock.advance(row.parse(kept).ms);
  clock.onSkip((ms) => store.write('INSERT OR REPLACE INTO skipped_time (id, ms) VALUES (1, ?)', ms));
};
