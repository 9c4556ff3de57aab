import type { Clock } from '../../clock.ts';
import type { Throttle } from './model.ts';

/** How a throttle of a stage or usage plan is found: by resource path and method, `*` for all. */
export const throttleKey = (path: string, method: string): string =>
  `${path === '*' || path === '' ? '*' : path} ${method}`;

/** The throttle that counts for a method: its own before the resource's before the stage's. */
export const throttleFor = (
  throttles: Readonly<Record<string, Throttle>>,
  path: string,
  method: string,
): { readonly key: string; readonly throttle: Throttle } | undefined => {
  const keys = [throttleKey(path, method), throttleKey(path, '*'), throttleKey('*', method), '* *'];
  for (const key of keys) {
    const throttle = throttles[key];
    if (throttle) return { key, throttle };
  }
  return undefined;
};

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets: `burst` tokens at most, `rate` new ones a second ("Throttle requests to your REST APIs"). */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token from the bucket of that name; false when there is none. */
  take(name: string, { rate, burst }: Throttle): boolean {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { tokens: burst, filledAt: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    bucket.filledAt = now;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
