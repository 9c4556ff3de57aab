import * as z from 'zod';

/** How a subscriber is reached: a mailbox of this service, or a receiver of its own. */
export const CHANNELS = ['inbox', 'webhook'] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** What an issue is about: subscriptions choose by it. */
export const Topic = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower case letters, digits and hyphens');

/** The address of an inbox: one path segment, in lower case. */
export const InboxAddress = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+@-]{0,127}$/, 'letters, digits and . _ + @ -, up to 128 of them')
  .toLowerCase();

const topics = z.array(Topic).min(1).max(20);

/** The body of `POST /v1/newsletters`: one issue. */
export const NewsletterRequest = z.strictObject({
  topic: Topic,
  subject: z.string().min(1).max(200),
  body: z.string().min(1).max(32_768),
});

/** The body of `POST /v1/subscriptions`. What an address may be depends on its channel. */
export const SubscriptionRequest = z
  .strictObject({ channel: Channel, address: z.string().min(1).max(2_048), topics })
  .superRefine(({ channel, address }, context) => {
    const read = channel === 'inbox' ? InboxAddress.safeParse(address) : z.url().safeParse(address);
    for (const { message } of read.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['address'], message });
  });

/** The body of `PATCH /v1/subscriptions/{id}`: the token confirms, and lets the topics be changed. */
export const SubscriptionChange = z.strictObject({
  token: z.string().min(1).max(256),
  topics: topics.optional(),
});

export type NewsletterRequest = z.infer<typeof NewsletterRequest>;
export type SubscriptionRequest = z.infer<typeof SubscriptionRequest>;
export type SubscriptionChange = z.infer<typeof SubscriptionChange>;
