import * as z from 'zod';
import { dynamoDbEditStore } from '../adapters/dynamodb-edit-store.ts';
import { readEnv } from '../adapters/environment.ts';
import { noBody, validated } from '../http/request.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { ImageId } from '../messages/edit-messages.ts';
import { ListEditsEnv } from './env.ts';

const env = readEnv(ListEditsEnv);
const edits = dynamoDbEditStore(env.EDITS_TABLE);

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(100),
  after: z.coerce.number().int().min(0).default(0),
});

/** `GET /v1/images/{imageId}/edits?limit&after`: what was applied, in order; `next` leads on while there may be more. */
export const handler = restHandler(noBody, async ({ parameter, query, path: self }) => {
  const imageId = validated(ImageId, parameter('imageId'), 'imageId');
  const { limit, after } = validated(Page, query, 'query');
  const page = await edits.list(imageId, { after, limit });
  const last = page.at(-1);
  const next =
    last && page.length === limit
      ? `${self}?${new URLSearchParams({ limit: String(limit), after: String(last.n) })}`
      : undefined;
  return json(200, {
    imageId,
    edits: page.map(({ n, editId, operation, appliedAt }) => ({ n, editId, operation, appliedAt })),
    links: { self, ...(next && { next }) },
  });
});
