import { z } from 'zod';
import type { App } from './app.ts';
import { patiently } from './patiently.ts';

const Accepted = z.object({ editId: z.string() });
const Applied = z.object({
  edits: z.array(z.object({ n: z.number(), editId: z.string(), operation: z.unknown() })),
});

/** An edit that has been applied: the `n`th of its image. */
export type AppliedEdit = z.infer<typeof Applied>['edits'][number];

/** Asks for an edit of an image, under a name that makes the same request the same edit. @returns the edit's id */
export const requestEdit = async (
  app: App,
  imageId: string,
  operation: object,
  idempotencyKey: string,
): Promise<string> => {
  const response = await patiently(() =>
    app.fetch(`/v1/images/${imageId}/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(operation),
    }),
  );
  if (response.status !== 202) throw new Error(`An edit of ${imageId} was answered with ${response.status}`);
  return Accepted.parse(await response.json()).editId;
};

/** The edits of an image, in the order in which they were applied. */
export const appliedEdits = async (app: App, imageId: string): Promise<AppliedEdit[]> => {
  const response = await patiently(() => app.fetch(`/v1/images/${imageId}/edits`));
  return Applied.parse(await response.json()).edits;
};
