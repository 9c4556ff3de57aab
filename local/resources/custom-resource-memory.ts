import { z } from 'zod';
import type { Store } from '../store.ts';
import type { Created } from './resource-type.ts';

/** A custom resource as its function made it last. */
interface Made {
  readonly properties: unknown;
  readonly created: Created;
}

const made = z.object({
  properties: z.unknown(),
  created: z.object({ ref: z.string(), attributes: z.record(z.string(), z.unknown()) }),
});

const declare = (store: Store): void =>
  store.declare(
    'CREATE TABLE IF NOT EXISTS custom_resources (resource TEXT PRIMARY KEY, made TEXT NOT NULL) STRICT',
  );

export const remembered = (store: Store, resource: string): Made | undefined => {
  declare(store);
  const [row] = store.read('SELECT made FROM custom_resources WHERE resource = ?', resource);
  return row ? made.parse(JSON.parse(String(row.made))) : undefined;
};

export const remember = (store: Store, resource: string, it: Made): void =>
  store.write('INSERT OR REPLACE INTO custom_resources VALUES (?, ?)', resource, JSON.stringify(it));
