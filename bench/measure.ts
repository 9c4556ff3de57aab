/** The value below which the share `p` (0 to 1) of the samples lies. */
export const percentile = (samples: readonly number[], p: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
  if (value === undefined) throw new Error('no samples were taken');
  return value;
};

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** Milliseconds that `work` takes. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/**
 * Times two ways of doing the same in turn, A B A B ..., so that the machine's moods hit both alike.
 * @returns the samples in ms, without the warm-up rounds.
 */
export const sideBySide = async (
  rounds: number,
  a: () => Promise<unknown>,
  b: () => Promise<unknown>,
  warmUp = Math.ceil(rounds / 5),
): Promise<{ a: number[]; b: number[] }> => {
  const samples = { a: [] as number[], b: [] as number[] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const [tookA, tookB] = [await timed(a), await timed(b)];
    if (round < 0) continue;
    samples.a.push(tookA);
    samples.b.push(tookB);
  }
  return samples;
};

/** One row of the table: what, measured, held against what, and the bar. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly bar: string;
  readonly held: boolean;
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

export const formatRows = (rows: readonly Row[]): string => {
  const cells = [
    ['what', 'measured', 'against', 'bar', ''],
    ...rows.map(({ what, measured, against, bar, held }) => [
      what,
      measured,
      against,
      bar,
      held ? 'held' : 'MISSED',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const perSecond = (value: number): string => `${Math.round(value)}/s`;
