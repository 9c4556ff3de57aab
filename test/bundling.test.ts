import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundled, bundleOptions } from '../lib/bundling.ts';

const platform = { os: 'linux', cpu: 'arm64' } as const;

test.each(['get-job/handler.ts', 'handler.ts', 'lambdas/get-job/index.ts'])(
  '%s is refused, with how an entry is called, before anything is built',
  (entry) => {
    expect(() => bundled(entry, platform)).toThrow(
      `${entry}: an entry is called <directory>/<name>/handler.ts`,
    );
  },
);

test('a handler that is not there is named', () => {
  expect(() => bundled('lambdas/no-such-function/handler.ts', platform)).toThrow('there is no such handler');
});

test('a package that is loaded only when it is needed works in a bundle, too', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'bundling-'));
  buildSync({
    ...bundleOptions,
    absWorkingDir: resolve(import.meta.dirname, '..'),
    entryPoints: { iam: 'lambdas/adapters/kafka-iam.ts' },
    outdir,
  });
  const connect = `
    const { iamAccess } = await import(${JSON.stringify(join(outdir, 'iam.mjs'))});
    const { sasl } = await iamAccess('eu-west-1');
    const saslAuthenticate = async ({ request }) => console.log(String(await request.encode()));
    await sasl.authenticationProvider({ saslAuthenticate }).authenticate();`;
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

  const shown = execFileSync(process.execPath, ['--input-type=module', '-e', connect], { env }).toString();
  rmSync(outdir, { recursive: true });

  const [, token = ''] = /auth=Bearer ([\w-]+)/.exec(shown) ?? [];
  expect(Buffer.from(token, 'base64url').toString()).toMatch(/^https:\/\/kafka\.eu-west-1\.amazonaws\.com\//);
});
