import { type Matcher, wildcard } from '../iam/pattern.ts';
import { type Random, seeded } from '../random.ts';
import type { CallRule } from './plan.ts';

/** What happens to whom: one request, one delivery, one invocation. */
export interface Point {
  readonly service: string;
  readonly action: string;
  /** ARN or name. */
  readonly resource: string;
}

/** Far enough apart that neighbouring rules have nothing in common. */
const RULE_STEP = 0x9e3779b9;

/**
 * One rule while it is in force. It counts the calls that it is for, and draws for each of them from its own random
 * numbers: what it decides depends on the seed, its place in the file and how many came before, on nothing else.
 */
export class StandingRule<Rule extends CallRule = CallRule> {
  readonly rule: Rule;
  readonly number: number;
  readonly #matches: Matcher;
  readonly #random: Random;
  #seen = 0;
  #struck = 0;

  /** @param number its place in the file, from 1. */
  constructor(rule: Rule, number: number, seed: number) {
    this.rule = rule;
    this.number = number;
    this.#matches = wildcard(rule.resource ?? '*');
    this.#random = seeded(Math.imul(seed + 1, RULE_STEP) + Math.imul(number, RULE_STEP));
  }

  /** How many calls it has decided on. */
  get seen(): number {
    return this.#seen;
  }

  decide(point: Point): boolean {
    if (!this.#isFor(point)) return false;
    const { share, every, at, limit = Number.POSITIVE_INFINITY } = this.rule;
    this.#seen += 1;
    const drawn = this.#random();
    const due =
      share !== undefined
        ? drawn < share
        : every !== undefined
          ? this.#seen % every === 0
          : this.#seen === at;
    if (!due || this.#struck >= limit) return false;
    this.#struck += 1;
    return true;
  }

  #isFor({ service, action, resource }: Point): boolean {
    const { rule } = this;
    if (rule.service !== service) return false;
    if ('action' in rule && rule.action !== undefined && rule.action !== action) return false;
    return this.#matches(resource) || this.#matches(nameIn(resource));
  }
}

/** `queue` in `arn:aws:sqs:region:account:queue`, `name` in `arn:aws:kinesis:region:account:stream/name`. */
const nameIn = (resource: string): string => {
  const last = resource.startsWith('arn:') ? resource.split(':').slice(5).join(':') : resource;
  return last.replace(/^(?:stream|table|function)[/:]/, '');
};
