/**
 * `npm run conformance -- [--endpoint URL]`: what an endpoint does of what AWS documents, counted by service.
 * REST APIs come from a template: at an endpoint they are checked where OUTPUTS names the outputs of the deployed stack
 * (test/local/conformance/rest-api-template.ts).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UserError } from '../local/errors.ts';
import { command } from './command.ts';

const report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

type Check = z.output<typeof report>['testResults'][number]['assertionResults'][number];

/** Runs the suite in a process of its own; an endpoint that is not given is a local cloud that the suite starts. */
const runSuite = async (endpoint: string | undefined): Promise<z.output<typeof report>> => {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-report-'));
  const outputFile = join(directory, 'report.json');
  const root = resolve(import.meta.dirname, '..');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  try {
    const suite = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        jest,
        'test/local/conformance',
        '--json',
        `--outputFile=${outputFile}`,
        '--silent',
      ],
      {
        cwd: root,
        env: { ...process.env, ...(endpoint !== undefined && { ENDPOINT: endpoint }) },
        stdio: 'ignore',
      },
    );
    await new Promise((settle, fail) => suite.once('exit', settle).once('error', fail));
    return report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** What lacks something that it needs here says so. */
const isLeftOut = ({ status }: Check): boolean => status === 'todo';

const print = (checks: readonly Check[]): void => {
  for (const service of new Set(checks.map(({ ancestorTitles: [name = ''] }) => name))) {
    const own = checks.filter(({ ancestorTitles: [name] }) => name === service);
    const left = own.filter(isLeftOut);
    const failed = own.filter((check) => check.status !== 'passed' && !isLeftOut(check));
    const asked = own.length - left.length;
    console.log(`${service.padEnd(24)} ${asked - failed.length} of ${asked}`);
    for (const { title } of failed) console.log(`  not so: ${title}`);
    for (const { title } of left) console.log(`  left out: ${title}`);
  }
};

await command('npm run conformance', async () => {
  const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
  const { testResults } = await runSuite(values.endpoint);
  const checks = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (checks.length === 0)
    throw new UserError(`no check could run: ${testResults.map(({ message }) => message).join(' ')}`);
  print(checks);
  const asked = checks.filter((check) => !isLeftOut(check));
  const passed = asked.filter(({ status }) => status === 'passed').length;
  console.log(`${'all'.padEnd(24)} ${passed} of ${asked.length}`);
  return passed === asked.length ? 0 : 1;
});
