import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../errors.ts';
import type { Dimensions } from '../../metrics.ts';
import type { Call } from '../service.ts';
import type { CloudWatch } from './service.ts';

export interface Request {
  readonly cloudWatch: CloudWatch;
  readonly clock: Clock;
  readonly call: Call;
}

export type Operation = (input: unknown, request: Request) => Promise<object | undefined>;

/** @throws z.ZodError when the input is not of this shape: the protocol answers a ValidationError. */
export const operation =
  <Schema extends z.ZodType>(
    schema: Schema,
    run: (input: z.output<Schema>, request: Request) => Promise<object | undefined> | object | undefined,
  ): Operation =>
  async (input, request) =>
    run(schema.parse(input), request);

/** Timestamps are seconds since the epoch on the wire, and milliseconds here. */
export const timestamp = z.number().transform((seconds) => Math.round(seconds * 1000));

export const toTimestamp = (ms: number): number => ms / 1000;

export const dimensionList = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list): Dimensions => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

export const toDimensionList = (dimensions: Dimensions): { Name: string; Value: string }[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** One page of a list; the token is the number of items before it. @throws AwsError InvalidNextToken */
export const page = <Item>(
  items: readonly Item[],
  size: number,
  token: string | undefined,
): { items: readonly Item[]; next: { NextToken?: string } } => {
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
};
