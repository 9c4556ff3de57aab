import { type Clock, SystemClock, type Timer } from './clock.ts';
import type { CallRule, ClockJump, Fault, FaultPlan } from './faults/plan.ts';
import { failed, throttled } from './faults/refusals.ts';
import { type Point, StandingRule } from './faults/standing-rule.ts';
import type { Trace } from './trace.ts';

export type { Point } from './faults/standing-rule.ts';

type RuleOf<Kind extends CallRule['fault']> = Extract<CallRule, { fault: Kind }>;

/**
 * Faults on demand. Central places of the cloud ask at each request, delivery and invocation whether one is due;
 * engines know nothing of it. Each fault that strikes is one event of the trace.
 */
export class Faults {
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #rules: readonly StandingRule[];
  readonly #jumps: readonly { readonly jump: ClockJump; readonly number: number }[];
  readonly #counts = new Map<Fault, number>();
  readonly #timers = new Set<Timer>();
  #isStarted = false;

  constructor({ seed, rules }: FaultPlan, { clock, trace }: { clock: Clock; trace: Trace }) {
    this.#clock = clock;
    this.#trace = trace;
    this.#rules = rules.flatMap((rule, index) =>
      rule.fault === 'clock-jump' ? [] : [new StandingRule(rule, index + 1, seed)],
    );
    this.#jumps = rules.flatMap((rule, index) =>
      rule.fault === 'clock-jump' ? [{ jump: rule, number: index + 1 }] : [],
    );
  }

  /** From here on faults strike: what comes before, the deployment, goes undisturbed and is not counted. */
  start(): void {
    this.#isStarted = true;
    for (const { jump, number } of this.#jumps)
      this.#timers.add(this.#clock.afterWork(jump.afterMs, () => this.#jump(jump, number)));
  }

  close(): void {
    this.#isStarted = false;
    for (const timer of this.#timers) timer.cancel();
  }

  /** Before any work is done: throws AwsError when this call is to be throttled or to fail. */
  refuse(point: Point): void {
    if (this.#strikes('throttle', point)) throw throttled(point.service);
    if (this.#strikes('fail', point)) throw failed();
  }

  /** Whether the work is to be done, and its answer to be lost. */
  losesAnswer(point: Point): boolean {
    return this.#strikes('drop-acknowledgement', point) !== undefined;
  }

  duplicates(service: string, resource: string): boolean {
    return this.#strikes('duplicate-delivery', { service, action: 'Deliver', resource }) !== undefined;
  }

  /** How many milliseconds this delivery is to be late: 0 for none. */
  delayMs(service: string, resource: string): number {
    return this.#strikes('delay-delivery', { service, action: 'Deliver', resource })?.ms ?? 0;
  }

  /** Kills in the midst of this invocation when that is due; whoever runs it calls the answer when it has ended. */
  killDuring(functionArn: string, kill: () => void): (() => void) | undefined {
    const point = { service: 'lambda', action: 'InvokeFunction', resource: functionArn };
    const standing = this.#due('kill-environment', point);
    if (!standing) return undefined;
    const record = this.#recorder(standing, point);
    const timer = this.#clock.afterWork(standing.rule.afterMs, () => {
      record();
      kill();
    });
    return () => timer.cancel();
  }

  /** How often each kind has struck. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #strikes<Kind extends CallRule['fault']>(kind: Kind, point: Point): RuleOf<Kind> | undefined {
    const standing = this.#due(kind, point);
    if (standing) this.#recorder(standing, point)();
    return standing?.rule;
  }

  /** Every rule of the kind decides on every call that it is for, whatever the others decide: so it stays the same beside others. */
  #due<Kind extends CallRule['fault']>(kind: Kind, point: Point): StandingRule<RuleOf<Kind>> | undefined {
    if (!this.#isStarted) return undefined;
    let first: StandingRule<RuleOf<Kind>> | undefined;
    for (const standing of this.#rules)
      if (isKind(standing, kind) && standing.decide(point)) first ??= standing;
    return first;
  }

  #recorder({ rule, number, seen }: StandingRule, { service, action, resource }: Point): () => void {
    const ids = { rule: number, call: seen, of: `${service}:${action}` };
    return () => this.#record(rule.fault, resource, ids);
  }

  #jump({ ms, afterMs }: ClockJump, rule: number): void {
    if (!(this.#clock instanceof SystemClock)) return;
    this.#record('clock-jump', 'clock', { rule, ms, afterMs });
    this.#clock.advance(ms);
  }

  #record(fault: Fault, resource: string, ids: Readonly<Record<string, string | number>>): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
    this.#trace.record({ at: this.#clock.now(), service: 'faults', action: fault, resource, ids });
  }
}

const isKind = <Kind extends CallRule['fault']>(
  standing: StandingRule,
  kind: Kind,
): standing is StandingRule<RuleOf<Kind>> => standing.rule.fault === kind;
