import type { BrokerName } from '../broker.ts';

export const criteria = [
  'language',
  'standards',
  'ordering',
  'delivery',
  'persistence',
  'durability',
  'scalability',
  'latency',
] as const;
/** What a broker is chosen by. */
export type Criterion = (typeof criteria)[number];

/** Seen in this run, read in the broker's documentation, or neither. */
export type Verdict = 'observed' | 'documented' | 'not-measurable';

/** One field of the table, with what it rests on. */
export interface Cell {
  readonly broker: BrokerName;
  readonly criterion: Criterion;
  readonly verdict: Verdict;
  readonly value: string;
  readonly evidence: string;
}

/** Above this load for each core a number tells of the machine first. */
export const BUSY = 1.5;

/** A broker as the table knows it: there, or missing with a reason. */
export type Candidate =
  | {
      readonly name: BrokerName;
      /** What it was measured on, with its version. */
      readonly version: string;
      /** Something that imitates the broker: what it does is seen, how fast it is says nothing of the broker. */
      readonly emulated: boolean;
      /** What was done wrong with it on purpose. */
      readonly misuse?: string;
    }
  | { readonly name: BrokerName; readonly missing: string };
