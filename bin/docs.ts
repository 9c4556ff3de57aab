/** `npm run docs`: makes the part of docs/local-cloud.md anew that follows from the code. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { refreshed } from '../local/docs.ts';
import { command } from './command.ts';
import { operationsPage } from './docs/operations-page.ts';

const page = resolve(import.meta.dirname, '../docs/local-cloud.md');

await command('npm run docs', async () => {
  await writeFile(page, refreshed(await readFile(page, 'utf8'), operationsPage()));
  return 0;
});
