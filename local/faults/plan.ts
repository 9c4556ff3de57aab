import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';

/** When a rule strikes, among the calls that it is for: exactly one of `share`, `every` and `at`. */
const when = {
  /** Of all calls, chosen by the rule's own random numbers. */
  share: z.number().gt(0).max(1).optional(),
  /** Every n-th call. */
  every: z.int().min(1).optional(),
  /** The n-th call only. */
  at: z.int().min(1).optional(),
  /** Not more often than this. */
  limit: z.int().min(1).optional(),
};
const ms = z.int().min(1);
/** Name or ARN; `*` stands for any characters. */
const resource = z.string().min(1).optional();

const call = {
  service: z.enum(['sqs', 'sns', 'kinesis', 'lambda', 's3', 'dynamodb', 'cloudwatch', 'execute-api']),
  /** As IAM calls it: `SendMessage` also for a batch, `GetObject`, `InvokeFunction`. */
  action: z.string().min(1).optional(),
  resource,
};

const timed = <Shape extends z.core.$ZodShape>(shape: Shape) => z.strictObject({ ...shape, ...when });

const rule = z.discriminatedUnion('fault', [
  timed({ fault: z.literal('throttle'), ...call }),
  timed({ fault: z.literal('fail'), ...call }),
  timed({ fault: z.literal('drop-acknowledgement'), ...call }),
  timed({
    fault: z.literal('duplicate-delivery'),
    service: z.enum(['sqs', 'sns', 's3', 'kinesis']),
    resource,
  }),
  timed({
    fault: z.literal('delay-delivery'),
    service: z.enum(['sqs', 'sns', 's3', 'kinesis']),
    resource,
    ms,
  }),
  timed({
    fault: z.literal('kill-environment'),
    service: z.literal('lambda').default('lambda'),
    resource,
    /** From the beginning of the invocation. */
    afterMs: z.int().min(0).default(5),
  }),
  z.strictObject({ fault: z.literal('clock-jump'), afterMs: z.int().min(0), ms }),
]);

/** Counts how a rule says when it strikes. */
const timings = (given: z.output<typeof rule>): number =>
  given.fault === 'clock-jump'
    ? 1
    : [given.share, given.every, given.at].filter((timing) => timing !== undefined).length;

const checkedRule = rule.refine(
  (given) => timings(given) === 1,
  'it needs one of "share" (0 to 1), "every" (n) and "at" (n)',
);

const plan = z.strictObject({ seed: z.int().min(0).default(1), rules: z.array(checkedRule).min(1) });

export type FaultPlan = z.output<typeof plan>;
export type FaultRule = FaultPlan['rules'][number];
export type ClockJump = Extract<FaultRule, { fault: 'clock-jump' }>;
/** A rule that waits for calls. */
export type CallRule = Exclude<FaultRule, ClockJump>;
export type Fault = FaultRule['fault'];

/** Throws UserError, one line that names the place, for what is no plan. */
export const parseFaultPlan = (content: unknown, origin: string): FaultPlan => {
  const parsed = plan.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = z.core.toDotPath(issue?.path ?? []);
  throw new UserError(`${origin}: ${place === '' ? '' : `${place}: `}${issue?.message} (docs/faults.md)`);
};

/** Reads a file of faults. Throws UserError. */
export const readFaultPlan = (file: string): FaultPlan => {
  if (!existsSync(file)) throw new UserError(`${file}: there is no such file of faults (docs/faults.md)`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file}: it is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  return parseFaultPlan(content, file);
};
