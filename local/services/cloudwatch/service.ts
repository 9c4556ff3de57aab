import type { Timer } from '../../clock.ts';
import type { Foundation } from '../../cloud.ts';
import { KEPT_MINUTES, type MetricStore, MINUTE_MS } from '../../metrics.ts';
import type { Topics } from '../../ports.ts';
import type { Protocol } from '../service.ts';
import type { Alarm, AlarmDefinition, StateChange } from './alarm.ts';
import { evaluateAt } from './alarm-evaluator.ts';
import { AlarmStore } from './alarm-store.ts';
import { alarmNotification } from './notification.ts';
import { CloudWatchProtocol } from './protocol.ts';

/** Records what a service measures once a minute, as of that minute's end (milliseconds since the epoch). */
export type Gauge = (metrics: MetricStore, at: number) => void;

export interface CloudWatchPorts {
  readonly metrics: MetricStore;
  readonly topics: Topics;
  readonly gauges: readonly Gauge[];
}

/**
 * Amazon CloudWatch: metrics, and the alarms of the templates, evaluated at each full minute of the cloud's clock.
 * A clock that skips has every minute on the way evaluated, up to the three hours that metrics are kept.
 * Without an alarm nothing runs.
 */
export class CloudWatch {
  readonly protocol: Protocol;
  readonly metrics: MetricStore;
  readonly #foundation: Foundation;
  readonly #ports: CloudWatchPorts;
  readonly #store: AlarmStore;
  readonly #alarms = new Map<string, Alarm>();
  readonly #publishing = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #evaluatedAt: number;

  constructor(foundation: Foundation, ports: CloudWatchPorts) {
    this.#foundation = foundation;
    this.#ports = ports;
    this.metrics = ports.metrics;
    this.#store = new AlarmStore(foundation.store);
    this.#evaluatedAt = minuteOf(foundation.clock.now());
    this.protocol = new CloudWatchProtocol(this, foundation);
  }

  arnOf(alarmName: string): string {
    const { region, account } = this.#foundation;
    return `arn:aws:cloudwatch:${region}:${account}:alarm:${alarmName}`;
  }

  /** Sorted by name. */
  alarms(): Alarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  }

  find(alarmName: string): Alarm | undefined {
    return this.#alarms.get(alarmName);
  }

  /** Makes sure that the alarm exists like this; the state of an earlier run stays. */
  async putAlarm(definition: AlarmDefinition): Promise<{ readonly arn: string }> {
    const { name } = definition;
    const now = this.#foundation.clock.now();
    const state = this.#store.stateOf(name) ?? {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      at: now,
    };
    const alarm: Alarm = { arn: this.arnOf(name), definition, configuredAt: now, state };
    this.#alarms.set(name, alarm);
    this.#store.save(name, state);
    if (!this.#timer) this.#evaluatedAt = minuteOf(now);
    this.#arm();
    await this.#foundation.store.committed();
    return { arn: alarm.arn };
  }

  /** "SetAlarmState": holds until the next evaluation; notifies as an evaluation does. */
  async setState(alarm: Alarm, change: Omit<StateChange, 'at'>): Promise<void> {
    this.#change(alarm, { ...change, at: this.#foundation.clock.now() });
    await this.#foundation.store.committed();
  }

  /** Ends the evaluation; what an alarm has already said is still published. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.all(this.#publishing);
  }

  #arm(): void {
    if (this.#timer) return;
    const { clock } = this.#foundation;
    const next = minuteOf(clock.now()) + MINUTE_MS;
    this.#timer = clock.after(next - clock.now(), () => {
      this.#timer = undefined;
      this.#catchUp();
      this.#arm();
    });
  }

  /** Every full minute since the last time, in order. */
  #catchUp(): void {
    const now = minuteOf(this.#foundation.clock.now());
    const from = Math.max(this.#evaluatedAt, now - KEPT_MINUTES * MINUTE_MS);
    this.#evaluatedAt = now;
    for (let at = from + MINUTE_MS; at <= now; at += MINUTE_MS) {
      for (const gauge of this.#ports.gauges) gauge(this.metrics, at);
      for (const alarm of this.#alarms.values()) {
        const change = evaluateAt(alarm.definition, alarm.state.value, this.metrics, at);
        if (change) this.#change(alarm, change);
      }
    }
  }

  #change(alarm: Alarm, state: StateChange): void {
    const { name, actionsEnabled, actions } = alarm.definition;
    this.#alarms.set(name, { ...alarm, state });
    this.#store.save(name, state);
    if (state.value === alarm.state.value) return;
    this.#trace('StateUpdate', alarm, { from: alarm.state.value, to: state.value, reason: state.reason });
    if (!actionsEnabled) return;
    for (const target of actions[state.value]) {
      const published = this.#notify(alarm, state, target).finally(() => this.#publishing.delete(published));
      this.#publishing.add(published);
    }
  }

  /** What an action comes to is written in the history: an alarm has nobody else to tell. */
  async #notify(alarm: Alarm, state: StateChange, topicArn: string): Promise<void> {
    const { account, region } = this.#foundation;
    const caller = {
      kind: 'service',
      service: 'cloudwatch.amazonaws.com',
      sourceArn: alarm.arn,
    } as const;
    try {
      const publication = alarmNotification(alarm, state, { account, region });
      const { messageId } = await this.#ports.topics.publish(topicArn, publication, caller);
      this.#trace('Action', alarm, { to: topicArn, messageId });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#trace('ActionFailed', alarm, { to: topicArn, reason });
    }
  }

  #trace(action: string, { arn }: Alarm, ids: Readonly<Record<string, string>>): void {
    const { trace, clock } = this.#foundation;
    trace.record({ at: clock.now(), service: 'cloudwatch', action, resource: arn, ids });
  }
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
