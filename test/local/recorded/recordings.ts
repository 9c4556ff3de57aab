import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** One recorded test: what AWS answered, by the label of each step. */
export interface Recording {
  /** `sqs`, `sns_filter_policy` ...: the file that it stands in. */
  readonly group: string;
  /** The test's name with its parameters, without the path of its file. */
  readonly name: string;
  /** The test's name alone. */
  readonly test: string;
  /** What stands in brackets behind the name: `sqs_query-True`. */
  readonly parameters: string;
  readonly date: string;
  readonly answers: Readonly<Record<string, unknown>>;
}

const snapshot = z.record(
  z.string(),
  z.object({ 'recorded-date': z.string(), 'recorded-content': z.record(z.string(), z.unknown()) }),
);

/** @throws when a file is not of the recordings' format. */
export const readRecordings = (directory: string): Recording[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.snapshot.json'))
    .sort()
    .flatMap((file) => {
      const group = file.replace('.snapshot.json', '');
      const recorded = snapshot.parse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
      return Object.entries(recorded).map(([key, entry]) => ({
        group,
        ...nameOf(key),
        date: entry['recorded-date'],
        answers: entry['recorded-content'],
      }));
    });

const nameOf = (key: string): { name: string; test: string; parameters: string } => {
  const name = key.slice(key.indexOf('::') + 2);
  const bracket = name.indexOf('[');
  const plain = bracket < 0 ? name : name.slice(0, bracket);
  return {
    name,
    test: plain.slice(plain.lastIndexOf(':') + 1),
    parameters: bracket < 0 ? '' : name.slice(bracket + 1, -1),
  };
};
