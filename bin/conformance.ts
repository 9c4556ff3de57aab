/**
 * `npm run conformance -- [FILE...] [--endpoint URL]`: what an endpoint does of what AWS documents, counted by service.
 * Asked with the SDK, and with the AWS CLI, which is installed into .cache. REST APIs come from a template: at an endpoint
 * they are checked where OUTPUTS names the outputs of the deployed stack (test/local/conformance/rest-api-template.ts).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UserError } from '../local/errors.ts';
import { command } from './command.ts';
import { pythonTools } from './verify/python-tools.ts';

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

const ROOT = resolve(import.meta.dirname, '..');

/** Runs the suite in a process of its own; an endpoint that is not given is a local cloud that the suite starts. */
const runSuite = async (
  endpoint: string | undefined,
  files: readonly string[],
  leaveOut: readonly string[],
): Promise<z.output<typeof report>> => {
  const cli = await pythonTools(join(ROOT, 'verify/cli-requirements.txt'));
  const directory = mkdtempSync(join(tmpdir(), 'conformance-report-'));
  const outputFile = join(directory, 'report.json');
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  try {
    const suite = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        jest,
        // Before the options: a list of values takes what follows it.
        ...files,
        '--testMatch=**/test/local/conformance/*.{test,conformance}.ts',
        ...leaveOut.map((file) => `--testPathIgnorePatterns=${file}`),
        '--json',
        `--outputFile=${outputFile}`,
        '--silent',
      ],
      {
        cwd: ROOT,
        env: {
          ...process.env,
          PATH: [cli, process.env.PATH].join(delimiter),
          ...(endpoint !== undefined && { ENDPOINT: endpoint }),
        },
        stdio: 'ignore',
      },
    );
    await new Promise((settle, fail) => suite.once('exit', settle).once('error', fail));
    return report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const print = (checks: readonly Check[]): void => {
  for (const service of new Set(checks.map(({ ancestorTitles: [name = ''] }) => name))) {
    const own = checks.filter(({ ancestorTitles: [name] }) => name === service);
    const failed = own.filter(({ status }) => status !== 'passed');
    console.log(`${service.padEnd(24)} ${own.length - failed.length} of ${own.length}`);
    for (const { title } of failed) console.log(`  not so: ${title}`);
  }
};

await command('npm run conformance', async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { endpoint: { type: 'string' } },
  });
  const withoutApi = values.endpoint !== undefined && !process.env.OUTPUTS;
  if (withoutApi)
    console.log('API Gateway REST is left out: OUTPUTS names no file with the outputs of its stack');
  const { testResults } = await runSuite(values.endpoint, positionals, withoutApi ? ['rest-api'] : []);
  const checks = testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
  if (broken.length > 0)
    throw new UserError(
      `a part of the suite could not run: ${broken.map(({ message }) => message).join(' ')}`,
    );
  if (checks.length === 0) throw new UserError(`no file is called ${positionals.join(', ')}`);
  print(checks);
  const passed = checks.filter(({ status }) => status === 'passed').length;
  console.log(`${'all'.padEnd(24)} ${passed} of ${checks.length}`);
  return passed === checks.length ? 0 : 1;
});
