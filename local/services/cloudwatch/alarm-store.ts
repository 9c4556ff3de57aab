import { z } from 'zod';
import type { Store } from '../../store.ts';
import type { StateChange } from './alarm.ts';

const row = z.object({
  value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  reason: z.string(),
  reasonData: z.string().nullable(),
  at: z.number(),
});

/** The states of alarms, which outlive a restart: who was told of an alarm is not told again. */
export class AlarmStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.declare(`CREATE TABLE IF NOT EXISTS cloudwatch_alarm_state (
      name TEXT PRIMARY KEY, value TEXT NOT NULL, reason TEXT NOT NULL, reasonData TEXT, at INTEGER NOT NULL
    ) WITHOUT ROWID`);
  }

  save(alarmName: string, { value, reason, reasonData, at }: StateChange): void {
    this.#store.write(
      'INSERT OR REPLACE INTO cloudwatch_alarm_state VALUES (?, ?, ?, ?, ?)',
      alarmName,
      value,
      reason,
      reasonData ?? null,
      at,
    );
  }

  stateOf(alarmName: string): StateChange | undefined {
    const [found] = this.#store.read('SELECT * FROM cloudwatch_alarm_state WHERE name = ?', alarmName);
    if (!found) return undefined;
    const { reasonData, ...state } = row.parse(found);
    return { ...state, reasonData: reasonData ?? undefined };
  }
}
