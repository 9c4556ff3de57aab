import type { Prices } from './prices.ts';

const HOURS_A_MONTH = 730;

/**
 * Lambda keeps polling a queue that is empty, with long polls of up to 20 s. How many at once AWS does not say; it begins
 * with five batches side by side when messages come (Lambda guide, "Using Lambda with Amazon SQS"), and about five polls
 * is what people see on their bills.
 */
export const IDLE_POLLS_A_MONTH = 5 * 3 * 60 * HOURS_A_MONTH;

export interface Standing {
  readonly title: string;
  readonly units: number;
  /** A month; `null` where there is no price. */
  readonly cost: number | null;
}

/** What a deployed app costs in a month in which nothing is sent, as far as brokers go. */
export const standingCosts = (
  app: { readonly shards: number; readonly polledQueues: number },
  { shardHour, lines }: Prices,
): Standing[] => {
  const hours = app.shards * HOURS_A_MONTH;
  const polls = app.polledQueues * IDLE_POLLS_A_MONTH;
  const poll = lines.get('sqs.emptyPolls');
  const priced = (units: number, price: { price: number | null; per: number } | undefined): number | null =>
    price?.price === undefined || price.price === null ? null : (units / price.per) * price.price;
  return [
    { title: `Kinesis shard hours (${app.shards} shards)`, units: hours, cost: priced(hours, shardHour) },
    {
      title: `SQS empty receives (${app.polledQueues} event sources, about)`,
      units: polls,
      cost: priced(polls, poll),
    },
  ];
};
