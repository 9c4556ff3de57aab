import type { RunResult } from '../runs/run.ts';
import { type Candidate, type Cell, type Criterion, criteria } from './cell.ts';
import { documented } from './documented.ts';
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
    return { verdict: 'not-measurable', value: 'not measurable here', evidence: candidate.missing };
  return measured(candidate, criterion, results);
};

const measured = (candidate: Present, criterion: Measured, results: readonly RunResult[]): Content => {
  const asked = results.filter(({ run }) => runsOf[criterion].includes(run));
  const answers = asked.filter(({ notMeasurable }) => notMeasurable === undefined);
  if (answers.length > 0)
    return {
      verdict: 'observed',
      value: observed[criterion](answers),
      evidence: evidenceOf(candidate, criterion, asked),
    };
  const why = asked.map(({ run, notMeasurable }) => `${run}: ${notMeasurable}`);
  const reason = why.length > 0 ? why.join('; ') : `not asked: scenarios ${runsOf[criterion].join(', ')}`;
  if (criterion === 'persistence') {
    const { value, source } = documented[candidate.name].persistence;
    return { verdict: 'documented', value, evidence: `${source}; ${reason}` };
  }
  return { verdict: 'not-measurable', value: 'not measurable here', evidence: reason };
};

const evidenceOf = (candidate: Present, criterion: Measured, results: readonly RunResult[]): string => {
  const runs = results.map(
    ({ run, variant, seen, notMeasurable }) =>
      `${run}${variant === undefined ? '' : ` ${variant}`}: ${notMeasurable ?? seen}`,
  );
  const misuse = candidate.misuse === undefined ? [] : [`used wrongly on purpose: ${candidate.misuse}`];
  return [...misuse, ...runs, `measured on ${candidate.version}`, ...caveats(candidate, criterion)].join(
    '; ',
  );
};

/** What must not be read into a number. */
const caveats = ({ name, emulated }: Present, criterion: Measured): string[] => {
  if (criterion === 'latency' && emulated)
    return ['an emulator on this machine: it says nothing of the latency on AWS'];
  if (criterion === 'latency' || criterion === 'scalability')
    return emulated
      ? ['how the consumers share the work is seen, not how much AWS takes']
      : ['on this machine and its network'];
  if (criterion !== 'persistence') return emulated ? ['an emulator: what it keeps to, AWS may not'] : [];
  const { value, source } = documented[name].persistence;
  const killed =
    name === 'kafka'
      ? 'the process was killed, not the machine: what it had acknowledged from the page cache, unsynced, was still there; without power it may not be, and one node has no replica'
      : "the process was killed, not the machine: this is the emulator's disk, not the service's";
  return [killed, `documented: ${value} (${source})`];
};
