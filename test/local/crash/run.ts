/** `npm run crash -- --seed S --rounds N`: the random-kill test, for as long as one likes. */
import { parseArgs } from 'node:util';
import { command } from '../../../bin/command.ts';
import { UserError } from '../../../local/errors.ts';
import { killClouds } from '../../support/cloud-process.ts';
import { BATCH_SIZE, SHARDS } from './assembly.ts';
import { storm } from './storm.ts';

const wholeNumber = (name: string, text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UserError(`--${name} ${text}: it is a whole number above 0`);
};

await command('npm run crash', async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      rounds: { type: 'string', default: '20' },
    },
  });
  const seed = wholeNumber('seed', values.seed);
  const rounds = wholeNumber('rounds', values.rounds);
  console.log(`seed ${seed}, ${rounds} rounds`);
  const { paths, kills, ...counts } = await storm({ seed, rounds }).finally(killClouds);
  console.log(`${kills} times killed`);
  console.table(Object.fromEntries(paths.map(({ path, ...row }) => [path, row])));
  const { returned, disordered, skipped, repeated } = counts;
  const mostRepeated = kills * SHARDS * BATCH_SIZE;
  console.log(`deleted messages that came back         ${returned}`);
  console.log(`ordered messages out of order           ${disordered}`);
  console.log(`records that the consumer never got     ${skipped}`);
  console.log(
    `records that it got again               ${repeated} (a batch of each shard a kill: ${mostRepeated})`,
  );
  const lost = paths.reduce((sum, path) => sum + path.lost, 0);
  const once = paths.filter(({ path }) => path === 'fifo' || path === 'announced');
  const doubled = once.reduce((sum, path) => sum + path.doubled, 0);
  return lost + doubled + returned + disordered + skipped === 0 && repeated <= mostRepeated ? 0 : 1;
});
