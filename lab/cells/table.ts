import { type Candidate, type Cell, criteria } from './cell.ts';

const FIRST = 12;
const COLUMN = 30;

/** The table for a terminal: a row for each criterion, a column for each broker; the evidence stands below by its number. */
export const formatTable = (candidates: readonly Candidate[], cells: readonly Cell[]): string => {
  const names = candidates.map(({ name }) => name);
  const rule = ['-'.repeat(FIRST), ...names.map(() => '-'.repeat(COLUMN))].join('-+-');
  const rows = criteria.map((criterion) => {
    const own = names.map((name) => {
      const index = cells.findIndex((cell) => cell.broker === name && cell.criterion === criterion);
      const cell = cells[index];
      return cell ? [`${cell.verdict} [${index + 1}]`, ...wrap(cell.value, COLUMN)] : [];
    });
    return formatRow([[criterion], ...own]);
  });
  const evidence = cells.map(
    ({ broker, criterion, evidence: text }, index) => `[${index + 1}] ${broker}, ${criterion}: ${text}`,
  );
  return [formatRow([[''], ...names.map((name) => [name])]), ...rows, '']
    .join(`\n${rule}\n`)
    .concat('Evidence\n', evidence.join('\n'));
};

const formatRow = (columns: readonly (readonly string[])[]): string => {
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, index) => (column[line] ?? '').padEnd(index === 0 ? FIRST : COLUMN))
      .join(' | ')
      .trimEnd(),
  ).join('\n');
};

const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};
