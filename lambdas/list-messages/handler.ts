import * as z from 'zod';
import { dynamoDbInboxes } from '../adapters/dynamodb-inboxes.ts';
import { readEnv } from '../adapters/environment.ts';
import { noBody, validated } from '../http/request.ts';
import { json } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { InboxAddress } from '../messages/newsletter-requests.ts';
import { ListMessagesEnv } from './env.ts';

const env = readEnv(ListMessagesEnv);
const inboxes = dynamoDbInboxes(env.INBOXES_TABLE);

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).optional(),
});

/** `GET /v1/inboxes/{address}/messages?limit&cursor`: newest first. An inbox that nothing ever came to is an empty one. */
export const handler = restHandler(noBody, async ({ parameter, path, query }) => {
  const address = validated(InboxAddress, unescaped(parameter('address')), 'address');
  const { limit, cursor } = validated(Page, query, 'query');
  const page = await inboxes.list(address, { limit, cursor });
  const next = page.cursor && `${path}?${new URLSearchParams({ limit: String(limit), cursor: page.cursor })}`;
  return json(200, {
    messages: page.mail.map(({ messageId, ...mail }) => ({ id: messageId, ...mail })),
    ...(page.cursor && { cursor: page.cursor }),
    links: { self: path, ...(next && { next }) },
  });
});

/** No address has a percent sign: where there is one, the parameter has come as it stood in the URL. */
const unescaped = (parameter: string): string => {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
};
