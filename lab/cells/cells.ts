import type { BrokerName } from '../broker.ts';
import type { RunResult } from '../runs/run.ts';
import { BUSY, type Candidate, type Cell, type Criterion, criteria } from './cell.ts';
import { documented, factOf, promised } from './documented.ts';
import { type Measured, observed, runsOf } from './observed.ts';

type Content = Pick<Cell, 'verdict' | 'value' | 'evidence'>;
type Present = Extract<Candidate, { version: string }>;

/** The table: each broker by each criterion. Pure: the same results give the same words. */
export const cellsOf = (candidates: readonly Candidate[], results: readonly RunResult[]): readonly Cell[] =>
  candidates.flatMap((candidate) => {
    const own = results.filter(({ broker }) => broker === candidate.name);
    return criteria.map((criterion) => ({
      broker: candidate.name,
      criterion,
      ...contentOf(candidate, criterion, own),
    }));
  });

const contentOf = (candidate: Candidate, criterion: Criterion, results: readonly RunResult[]): Content => {
  if (criterion === 'language' || criterion === 'standards') {
    const { value, source } = documented[candidate.name][criterion];
    return { verdict: 'documented', value, evidence: source };
  }
  if ('missing' in candidate)
    return unmeasured(candidate, criterion, 'not measurable here', candidate.missing);
  return measured(candidate, criterion, results);
};

/** What is documented stands in for what was not measured, and says why it has to. */
const unmeasured = ({ name }: Candidate, criterion: Measured, why: string, evidence: string): Content => {
  const fact = factOf(name, criterion);
  if (!fact) return { verdict: 'not-measurable', value: why, evidence };
  return {
    verdict: 'documented',
    value: `${fact.value} (${why})`,
    evidence: `${fact.source}; ${why}: ${evidence}`,
  };
};

const measured = (candidate: Present, criterion: Measured, results: readonly RunResult[]): Content => {
  const asked = results.filter(({ run }) => runsOf[criterion].includes(run));
  const answers = asked.filter(({ notMeasurable }) => notMeasurable === undefined);
  if (answers.length > 0)
    return {
      verdict: 'observed',
      value: [observed[criterion](answers), ...promiseOf(candidate, criterion)].join('; '),
      evidence: evidenceOf(candidate, criterion, asked),
    };
  const why = asked.map(({ run, notMeasurable }) => `${run}: ${notMeasurable}`);
  const reason = why.length > 0 ? why.join('; ') : `scenarios ${runsOf[criterion].join(', ')}`;
  return unmeasured(candidate, criterion, why.length > 0 ? 'not measurable here' : 'not asked', reason);
};

const evidenceOf = (candidate: Present, criterion: Measured, results: readonly RunResult[]): string => {
  const runs = results.map(
    ({ run, variant, seen, notMeasurable }) =>
      `${run}${variant === undefined ? '' : ` ${variant}`}: ${notMeasurable ?? seen}`,
  );
  const misuse = candidate.misuse === undefined ? [] : [`used wrongly on purpose: ${candidate.misuse}`];
  const busy = criterion === 'latency' || criterion === 'scalability' ? busyness(results) : [];
  return [
    ...misuse,
    ...runs,
    `measured on ${candidate.version}`,
    ...busy,
    ...caveats(candidate, criterion),
  ].join('; ');
};

/** Beside what was seen stands what may be relied on. */
const promiseOf = ({ name }: Present, criterion: Measured): string[] =>
  criterion === 'ordering' || criterion === 'delivery'
    ? [`documented: ${promised[name][criterion].value}`]
    : [];

const busyness = (results: readonly RunResult[]): string[] => {
  const most = Math.max(...results.map(({ load = 0 }) => load));
  return most > BUSY
    ? [`the machine was busy, with a load of ${most} for each core: ask again when it is quiet`]
    : [];
};

/** What must not be read into a number, and what the documentation says beside it. */
const caveats = ({ name, emulated }: Present, criterion: Measured): string[] => {
  const fact = factOf(name, criterion);
  return [
    ...(emulated ? EMULATED : OWN)[criterion],
    ...(criterion === 'persistence' ? [onlyKilled(name)] : []),
    ...(fact ? [`documented: ${fact.value} (${fact.source})`] : []),
  ];
};

const IMITATED = ['an emulator: what it keeps to, AWS may not'];
const EMULATED: Readonly<Record<Measured, readonly string[]>> = {
  ordering: IMITATED,
  delivery: IMITATED,
  persistence: [],
  durability: IMITATED,
  scalability: ['how the consumers share the work is seen, not how much AWS takes'],
  latency: ['an emulator on this machine: it says nothing of the latency on AWS'],
};
const HERE = ['on this machine and its network'];
const OWN: Readonly<Record<Measured, readonly string[]>> = {
  ordering: [],
  delivery: [],
  persistence: [],
  durability: [],
  scalability: HERE,
  latency: HERE,
};

const onlyKilled = (name: BrokerName): string =>
  name === 'kafka'
    ? 'the process was killed, not the machine: what it had acknowledged from the page cache, unsynced, was still there; without power it may not be, and one node has no replica'
    : "the process was killed, not the machine: this is the emulator's disk, not the service's";
