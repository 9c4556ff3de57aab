/** The keys whose numbers are not 0, 1, 2, ... in the order in which they were seen: each must be there once, in place. */
export const outOfOrder = (seen: readonly { key: string; n: number }[]): string[] =>
  [...Map.groupBy(seen, ({ key }) => key)]
    .filter(([, records]) => records.some(({ n }, index) => n !== index))
    .map(([key]) => key);
