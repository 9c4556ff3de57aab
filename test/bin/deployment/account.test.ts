import { checkBootstrapped, currentAccount } from '../../../bin/deployment/account.ts';
import { UserError } from '../../../local/errors.ts';
import { type StubAccount, startStubAccount } from './stub-account.ts';

const given = { ...process.env };
let aws: StubAccount;

beforeEach(async () => {
  aws = await startStubAccount();
});
afterEach(async () => {
  await aws.close();
  for (const name of ['AWS_REGION', 'AWS_ENDPOINT_URL', 'AWS_CONFIG_FILE', 'AWS_ACCESS_KEY_ID']) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

/** What a person reads who is stopped: one line, and no trace of calls. */
const oneLineOf = async (running: Promise<unknown>): Promise<string> => {
  const error = await running.catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`not told plainly: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  return error.message;
};

test('the account is that of the credentials, in the region that is set', async () => {
  const account = await currentAccount();

  expect(account).toMatchObject({ id: '123456789012', region: 'us-east-1' });
});

test('a region that cannot be one is refused before anybody is asked', async () => {
  process.env.AWS_REGION = 'virginia';

  const said = await oneLineOf(currentAccount());

  expect(said).toBe('region virginia: no region is called that (one is us-east-1): set AWS_REGION');
  expect(aws.requests).toEqual([]);
});

test('without a region it is said how one is set', async () => {
  delete process.env.AWS_REGION;
  process.env.AWS_CONFIG_FILE = '/nowhere';

  const said = await oneLineOf(currentAccount());

  expect(said).toBe('no region: set AWS_REGION, or give your profile one (aws configure set region)');
});

test('an endpoint that is no URL is refused before anybody is asked', async () => {
  process.env.AWS_ENDPOINT_URL = 'localhost';

  const said = await oneLineOf(currentAccount());

  expect(said).toBe('AWS_ENDPOINT_URL=localhost is no URL (one is http://localhost:4566)');
});

const account = { id: '123456789012', region: 'eu-west-1', endpoint: undefined };

test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])(
  'an account whose toolkit stack is %s is bootstrapped',
  async (state) => {
    aws.stacks.set('CDKToolkit', []);
    aws.states.set('CDKToolkit', state);

    await expect(checkBootstrapped(account)).resolves.toBeUndefined();
  },
);

test.each([
  [undefined, ''],
  ['ROLLBACK_COMPLETE', ' (CDKToolkit is ROLLBACK_COMPLETE)'],
  ['CREATE_IN_PROGRESS', ' (CDKToolkit is CREATE_IN_PROGRESS)'],
])('where the toolkit stack is %s, the command that bootstraps is said', async (state, why) => {
  if (state !== undefined) {
    aws.stacks.set('CDKToolkit', []);
    aws.states.set('CDKToolkit', state);
  }

  const said = await oneLineOf(checkBootstrapped(account));

  expect(said).toBe(
    `account 123456789012 is not bootstrapped in eu-west-1: run npx cdk bootstrap aws://123456789012/eu-west-1${why}`,
  );
});

test('an endpoint that imitates AWS is bootstrapped at its own address, never in an account', async () => {
  const said = await oneLineOf(checkBootstrapped({ ...account, endpoint: 'http://127.0.0.1:4566' }));

  expect(said).toContain(
    'run AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ENDPOINT_URL_S3=http://127.0.0.1:4566 npx cdklocal bootstrap aws://123456789012/eu-west-1',
  );
});
