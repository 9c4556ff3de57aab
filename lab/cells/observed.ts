import type { Findings } from '../checker.ts';
import { inWords } from '../latency.ts';
import type { RunName, RunResult } from '../runs/run.ts';
import type { Criterion } from './cell.ts';

export type Measured = Exclude<Criterion, 'language' | 'standards'>;

/** Which runs tell of a criterion. */
export const runsOf: Readonly<Record<Measured, readonly RunName[]>> = {
  ordering: ['clean', 'share', 'away', 'crash'],
  delivery: ['clean', 'share', 'away', 'crash', 'retry'],
  persistence: ['outage'],
  durability: ['away', 'replay'],
  scalability: ['scale'],
  latency: ['clean'],
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const all = (results: readonly RunResult[]): Findings[] =>
  results.flatMap((one) => Object.values(one.findings));
const of = (results: readonly RunResult[], run: RunName): Findings[] =>
  all(results.filter((one) => one.run === run));
const again = (findings: readonly Findings[]): number =>
  sum(findings.map(({ duplicates, redeliveries }) => duplicates.length + redeliveries));

/** `300 x MissingParameter`: what the broker did not take, and in its word why. */
const refusals = (results: readonly RunResult[]): string[] => {
  const counts = new Map<string, number>();
  for (const { refused } of all(results))
    for (const [reason, count] of Object.entries(refused))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].map(([reason, count]) => `${count} sends refused: ${reason}`);
};

const ordering = (results: readonly RunResult[]): string => {
  const delivered = sum(all(results).map((one) => one.delivered));
  if (delivered === 0) return ['nothing was delivered', ...refusals(results)].join('; ');
  const overall = sum(all(results).map((one) => one.inversionsOverall));
  const where = results
    .map(({ run, findings }) => ({
      run,
      count: sum(Object.values(findings).map(({ inversionsPerKey }) => inversionsPerKey.length)),
    }))
    .filter(({ count }) => count > 0);
  const perKey = sum(where.map(({ count }) => count));
  const across = `${overall === 0 ? 'none' : overall} across keys`;
  if (perKey === 0) return `no reordering within a key observed in ${delivered} messages, ${across}`;
  const places = where.map(({ run, count }) => `${run} ${count}`).join(', ');
  return `reordered: ${perKey} of ${delivered} messages came after a later one of their key (${places}), ${across}`;
};

const delivery = (results: readonly RunResult[]): string => {
  const findings = all(results);
  const lost = sum(findings.map((one) => one.lost.length));
  const acknowledged = sum(findings.map((one) => one.acknowledged));
  const phantoms = sum(findings.map((one) => one.phantoms.length));
  const parts = [`${lost} of ${acknowledged} acknowledged lost`];
  const unasked = again(
    findings.filter((one) => ![...of(results, 'crash'), ...of(results, 'retry')].includes(one)),
  );
  if (unasked > 0) parts.push(`${unasked} delivered again with nothing wrong`);
  const crashed = of(results, 'crash');
  if (crashed.length > 0) parts.push(`${again(crashed)} delivered again after a consumer was killed`);
  const retried = of(results, 'retry');
  if (retried.length > 0) {
    const twice = sum(retried.map(({ duplicates }) => duplicates.length));
    const sent = sum(retried.map((one) => one.delivered));
    parts.push(`sent twice: ${twice} of ${sent} delivered twice`);
  }
  if (phantoms > 0) parts.push(`${phantoms} that nobody sent`);
  return [...parts, ...unsure(findings), ...refusals(results)].join('; ');
};

/** What the producers heard, and what is true: those who send again because they heard nothing have then sent twice. */
const unsure = (findings: readonly Findings[]): string[] => {
  const unknown = sum(findings.map((one) => one.unknown));
  const came = sum(findings.map((one) => one.unknownDelivered));
  const refusedAndCame = sum(findings.map((one) => one.failedDelivered.length));
  return [
    ...(unknown > 0 ? [`${unknown} sends without an answer, ${came} of them delivered`] : []),
    ...(refusedAndCame > 0 ? [`${refusedAndCame} refused and delivered all the same`] : []),
  ];
};

const persistence = (results: readonly RunResult[]): string => {
  const findings = all(results);
  const acknowledged = sum(findings.map((one) => one.acknowledged));
  return `killed and back: ${sum(findings.map(({ lost }) => lost.length))} of ${acknowledged} acknowledged lost`;
};

const durability = (results: readonly RunResult[]): string => {
  const parts = of(results, 'away').map(
    ({ lost, acknowledged }) =>
      `back after being away: ${acknowledged - lost.length} of ${acknowledged} seen`,
  );
  for (const { findings } of results)
    if (findings.late)
      parts.push(`a newcomer saw ${findings.late.delivered} of ${findings.late.acknowledged} from before`);
  return parts.join('; ');
};

const scalability = (results: readonly RunResult[]): string => {
  const rates = results.flatMap(({ variant, throughput }) =>
    variant !== undefined && throughput !== undefined ? [`${variant}: ${Math.round(throughput)}`] : [],
  );
  return `messages/s drained by consumers: ${rates.join(', ')}`;
};

const latency = (results: readonly RunResult[]): string =>
  results
    .map(({ latency: measured, saturated, settings }) => {
      if (measured) return `at ${settings.rate}/s: ${inWords(measured)}`;
      if (!saturated) return 'nothing was delivered';
      const { waiting, drainMs, lateByMs } = saturated;
      return `saturated at ${settings.rate}/s: a backlog of ${waiting} that took ${drainMs} ms more, the sender ${lateByMs} ms late; ask again with a lower --rate`;
    })
    .join('; ');

/** In the field's words, what was seen; only of results that there are. */
export const observed: Readonly<Record<Measured, (results: readonly RunResult[]) => string>> = {
  ordering,
  delivery,
  persistence,
  durability,
  scalability,
  latency,
};
