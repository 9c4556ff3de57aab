import { formatTable } from '../../lab/cells/table.ts';
import type { Report } from '../../lab/report/page.ts';
import { writeReport } from './report-file.ts';

export interface Voices {
  /** Takes the one JSON object. */
  readonly print: (json: string) => void;
  /** Takes what a person reads. */
  readonly say: (text: string) => void;
}

/**
 * Tells what was found, as a table or as JSON, and writes the page.
 * A page that cannot be written costs the page, not what was measured.
 *
 * @returns the exit code
 */
export const tell = async (
  report: Report,
  { report: directory, json }: { readonly report: string; readonly json: boolean },
  { print, say }: Voices,
): Promise<number> => {
  const { candidates, cells } = report;
  if (json) print(asJson(report));
  else say(`\n${formatTable(candidates, cells)}`);
  try {
    say(`\nReport  ${await writeReport(directory, report)}`);
    return 0;
  } catch (error) {
    say(`\nThe report could not be written to ${directory}, what was found stands above: ${why(error)}`);
    return 1;
  }
};

/** One object on one line; `interrupted` says that not everything was asked. */
const asJson = ({ target, settings: { seed }, interrupted, cells, results: runs }: Report): string =>
  JSON.stringify({ target, seed, interrupted, cells, runs });

const why = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOSPC' ? 'no space is left on the disk' : error.message;
};
