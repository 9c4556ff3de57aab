import type { Broker } from '../../../lab/broker.ts';
import type { RunContext, Settings } from '../../../lab/runs/run.ts';

export const settings: Settings = {
  messages: 200,
  rate: 2_000,
  size: 10,
  format: 'json',
  seed: 1,
  mostConsumers: 8,
};

export const contextOf = (broker: Broker, changed: Partial<Settings> = {}): RunContext => ({
  broker,
  settings: { ...settings, ...changed },
  signal: new AbortController().signal,
  say: () => undefined,
});
