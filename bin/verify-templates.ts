/** `npm run verify:templates`: every template, of every stage and with every option, read by cfn-lint. */
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../local/errors.ts';
import { command } from './command.ts';
import { withScratchDirectory } from './scratch.ts';
import { pythonTools } from './verify/python-tools.ts';

const ROOT = resolve(import.meta.dirname, '..');

interface Variant {
  /** What makes the templates. */
  readonly app: string;
  readonly context: Readonly<Record<string, string>>;
}

/** What is deployed, and what it can be: each is synthesized for AWS. */
const variants: readonly Variant[] = [
  { app: 'bin/app.ts', context: { stage: 'dev' } },
  { app: 'bin/app.ts', context: { stage: 'prod', alarmEmail: 'on-call@example.com' } },
  { app: 'bin/app.ts', context: { stage: 'prod', kafka: 'true', alarmEmail: 'on-call@example.com' } },
  { app: 'bin/app.ts', context: { stage: 'prod', waf: 'true' } },
  {
    app: 'bin/app.ts',
    context: {
      stage: 'prod',
      domainName: 'images.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    },
  },
  {
    app: 'bin/app.ts',
    context: { stage: 'prod', monthlyBudgetUsd: '50', alarmEmail: 'on-call@example.com' },
  },
  { app: 'bin/lab-app.ts', context: {} },
];

/** The CDK says once more, by DependsOn, that a function waits for its role. */
const IGNORED = ['W3005'];

const synthesize = (variant: Variant, outdir: string): void => {
  const { app, context } = variant;
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, app)], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  if (status !== 0) throw new UserError(`${describe(variant)} cannot be synthesized:\n${stderr}`);
};

const describe = ({ app, context }: Variant): string =>
  [app, ...Object.entries(context).map(([key, value]) => `${key}=${value}`)].join(' ');

const main = (): Promise<number> =>
  withScratchDirectory(async (directory) => {
    const bin = await pythonTools(join(ROOT, 'verify/lint-requirements.txt'));
    let worst = 0;
    for (const [index, variant] of variants.entries()) {
      const outdir = join(directory, String(index));
      synthesize(variant, outdir);
      const templates = (await readdir(outdir)).filter((name) => name.endsWith('.template.json'));
      const { status, stdout, stderr } = spawnSync(
        join(bin, 'cfn-lint'),
        ['--ignore-checks', ...IGNORED, '--', ...templates],
        { cwd: outdir, encoding: 'utf8' },
      );
      console.log(
        `${describe(variant)}: ${templates.length} templates, ${status === 0 ? 'clean' : 'NOT clean'}`,
      );
      if (status !== 0) console.log(`${stdout}${stderr}`);
      worst = Math.max(worst, status === 0 ? 0 : 1);
    }
    return worst;
  });

await command('npm run verify:templates', main);
