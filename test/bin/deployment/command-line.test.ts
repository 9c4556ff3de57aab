import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The environment of somebody who never used AWS. */
const nobody = {
  PATH: process.env.PATH,
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const run = (command: string, env: NodeJS.ProcessEnv, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`bin/${command}.ts`, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env,
  });
  return { status, said: `${stdout}${stderr}` };
};

const nothingThere = 'http://127.0.0.1:9';

test.each([
  [
    'no credentials',
    { ...nobody, AWS_REGION: 'us-east-1' },
    'no AWS credentials: sign in (aws sso login, or aws configure) and set AWS_PROFILE',
  ],
  [
    'no region',
    { ...nobody, ...keys },
    'no region: set AWS_REGION, or give your profile one (aws configure set region)',
  ],
  [
    'a region that cannot be one',
    { ...nobody, ...keys, AWS_REGION: 'virginia' },
    'region virginia: no region is called that (one is us-east-1): set AWS_REGION',
  ],
  [
    'an endpoint where nobody is',
    { ...nobody, ...keys, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: nothingThere },
    `${nothingThere}: nothing answers: is it running?`,
  ],
])('%s: deploy says what to do in one line, and begins nothing', (_, env, line) => {
  const deployed = run('deploy', env, '--yes');

  expect(deployed).toEqual({ status: 1, said: `npm run deploy: ${line}\n` });
});

test('destroy looks at credentials first, too', () => {
  const destroyed = run('destroy', { ...nobody, AWS_REGION: 'us-east-1' }, '--yes');

  expect(destroyed).toEqual({
    status: 1,
    said: 'npm run destroy: no AWS credentials: sign in (aws sso login, or aws configure) and set AWS_PROFILE\n',
  });
});

test('verify:endpoint says in one line that the endpoint which it was given does not answer', () => {
  const verified = run('verify-endpoint', { ...nobody, AWS_ENDPOINT_URL: nothingThere });

  expect(verified).toEqual({
    status: 1,
    said: `npm run verify:endpoint: nothing answers at AWS_ENDPOINT_URL=${nothingThere}: start it, or unset the variable\n`,
  });
});
