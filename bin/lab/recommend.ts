import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { LANGUAGES, Needs } from '../../lab/recommend/needs.ts';
import { formatRecommendation, recommend } from '../../lab/recommend/recommend.ts';
import { UserError } from '../../local/errors.ts';

/** One question: a flag of the same name answers it, else it is asked. */
interface Question {
  readonly asks: string;
  readonly field: keyof Needs;
  readonly read: (answer: string) => unknown;
}

const yes = (answer: string): unknown =>
  ({ yes: true, true: true, '': true, no: false, false: false })[answer];
const number = (answer: string): number => Number(answer);

const amount =
  (units: Readonly<Record<string, number>>) =>
  (answer: string): number => {
    const [, count = '', unit = ''] = /^([\d.]+)\s*([A-Za-z]+)$/.exec(answer) ?? [];
    return Number(count || Number.NaN) * (units[unit] ?? Number.NaN);
  };

const questions: Readonly<Record<string, Question>> = {
  order: { asks: 'Which messages must keep their order: none, key, all', field: 'order', read: String },
  replay: { asks: 'Must messages be read again: yes, no', field: 'replay', read: yes },
  'fan-out': { asks: 'How many parties each want every message', field: 'fanOut', read: number },
  size: {
    asks: 'How large is a message (100B, 64KB, 5MB)',
    field: 'size',
    read: amount({ B: 1, KB: 1_024, MB: 1_024 ** 2 }),
  },
  rate: { asks: 'How many messages a second, at the highest', field: 'rate', read: number },
  retention: {
    asks: 'How long must a message be kept (12h, 7d)',
    field: 'retentionHours',
    read: amount({ h: 1, d: 24 }),
  },
  languages: {
    asks: `What is the team's code written in (${LANGUAGES.join(', ')})`,
    field: 'languages',
    read: (answer) => answer.split(',').map((one) => one.trim().toLowerCase()),
  },
  budget: {
    asks: 'What may it cost while nothing happens: idle-free (nothing), low, any',
    field: 'budget',
    read: String,
  },
  kafka: { asks: 'Must it be Kafka: yes, no', field: 'kafka', read: yes },
};

export const RECOMMEND_USAGE = `npm run lab -- recommend [flags]; asks when there are none
${Object.entries(questions)
  .map(([name, { asks }]) => `  --${name.padEnd(12)}${asks}`)
  .join('\n')}
  --json        one JSON object on stdout`;

const flags = {
  ...Object.fromEntries(Object.keys(questions).map((name) => [name, { type: 'string' as const }])),
  json: { type: 'boolean' as const, default: false },
  help: { type: 'boolean' as const, default: false },
};

/** `npm run lab -- recommend`. @throws {UserError} of one line that names the flag */
export const recommendCommand = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: flags });
  if (values.help) {
    console.log(RECOMMEND_USAGE);
    return 0;
  }
  const { json, help: _, ...given } = values;
  const answers = Object.keys(given).length === 0 && process.stdin.isTTY ? await ask() : given;
  const recommendation = recommend(needsOf(answers));
  console.log(json ? JSON.stringify(recommendation) : formatRecommendation(recommendation));
  return 0;
};

/** @param answers by the name of the flag; what is left out or empty is not needed */
const needsOf = (answers: Readonly<Record<string, unknown>>): Needs => {
  const needs: Record<string, unknown> = {};
  for (const [name, answer] of Object.entries(answers)) {
    const question = questions[name];
    if (!question || typeof answer !== 'string' || answer === '') continue;
    const value = question.read(answer);
    const read = Needs.shape[question.field].safeParse(value);
    if (value === undefined || !read.success) throw new UserError(`--${name} ${answer}: ${question.asks}`);
    needs[question.field] = read.data;
  }
  return Needs.parse(needs);
};

const ask = async (): Promise<Record<string, string>> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answers: Record<string, string> = {};
  try {
    for (const [name, { asks }] of Object.entries(questions))
      answers[name] = (await terminal.question(`${asks}? `)).trim();
  } finally {
    terminal.close();
  }
  return answers;
};
