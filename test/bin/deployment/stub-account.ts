import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { portOf } from '../../lambdas/support/endpoint.ts';

/** What lies in a bucket: a line for each version. */
export type Objects = readonly (readonly [key: string, version: string])[];

export interface StubAccount {
  /** What lies in each bucket. */
  readonly buckets: Map<string, Objects>;
  /** What CloudFormation says of each stack: types, statuses and names. In a template a name has `Id` at its end. */
  readonly stacks: Map<string, readonly (readonly [type: string, status: string, name: string])[]>;
  /** Stacks that are in another state than `CREATE_COMPLETE`. */
  readonly states: Map<string, string>;
  /** Stacks that may not be deleted. */
  readonly protected: Set<string>;
  /** Keys that nobody may delete. */
  readonly locked: Set<string>;
  /** What was asked, in order: `ListStackResources Storage-dev`, `POST uploads`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A page is short, so that there is a second one. */
const PAGE = 2;

/** The little of STS, CloudFormation and S3 that the commands call. Every client that is made from now on talks to it. */
export const startStubAccount = async (): Promise<StubAccount> => {
  const stub: Stub = {
    buckets: new Map(),
    stacks: new Map(),
    states: new Map(),
    protected: new Set(),
    locked: new Set(),
    requests: [],
  };
  const server = createServer(async (request, response) => {
    const { status, xml } = answer(stub, request, await text(request));
    response.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${portOf(server)}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return {
    ...stub,
    async close() {
      delete process.env.AWS_ENDPOINT_URL;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

type Stub = Omit<StubAccount, 'close'>;
type Answer = { readonly status: number; readonly xml: string };

const answer = (stub: Stub, { method = '', url = '' }: IncomingMessage, body: string): Answer => {
  const { pathname } = new URL(url, 'http://stub');
  if (pathname === '/') {
    const form = new URLSearchParams(body);
    const stack = form.get('StackName') ?? '';
    const action = form.get('Action') ?? '';
    stub.requests.push(`${action} ${stack}`);
    if (action === 'GetCallerIdentity') return result(action, '<Account>123456789012</Account>');
    if (!stub.stacks.has(stack)) return missing(stack);
    if (action === 'DescribeStacks') return description(stub, stack);
    return resources(stub, stack, Number(form.get('NextToken') ?? 0));
  }
  const bucket = pathname.replaceAll('/', '');
  stub.requests.push(`${method} ${bucket}`);
  return method === 'POST' ? deleted(stub, bucket, body) : versions(stub.buckets.get(bucket));
};

const missing = (stack: string): Answer => {
  const error = `<Code>ValidationError</Code><Message>Stack with id ${stack} does not exist</Message>`;
  return { status: 400, xml: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
};

const result = (action: string, xml: string): Answer => ({
  status: 200,
  xml: `<${action}Response><${action}Result>${xml}</${action}Result></${action}Response>`,
});

const description = (stub: Stub, stack: string): Answer => {
  const status = stub.states.get(stack) ?? 'CREATE_COMPLETE';
  const locked = stub.protected.has(stack);
  const fields = `<StackName>${stack}</StackName><StackStatus>${status}</StackStatus><EnableTerminationProtection>${locked}</EnableTerminationProtection>`;
  return result('DescribeStacks', `<Stacks><member>${fields}</member></Stacks>`);
};

const resources = ({ stacks }: Stub, stack: string, from: number): Answer => {
  const all = stacks.get(stack) ?? [];
  const members = all
    .slice(from, from + PAGE)
    .map(
      ([type, status, name]) =>
        `<member><LogicalResourceId>${name}Id</LogicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus><PhysicalResourceId>${name}</PhysicalResourceId></member>`,
    );
  const next = from + PAGE < all.length ? `<NextToken>${from + PAGE}</NextToken>` : '';
  return result(
    'ListStackResources',
    `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${next}`,
  );
};

/** A version called `marker...` is a delete marker. */
const versions = (objects: Objects | undefined): Answer => {
  if (objects === undefined) return { status: 404, xml: '<Error><Code>NoSuchBucket</Code></Error>' };
  const entries = objects.slice(0, PAGE).map(([key, version]) => {
    const tag = version.startsWith('marker') ? 'DeleteMarker' : 'Version';
    return `<${tag}><Key>${key}</Key><VersionId>${version}</VersionId></${tag}>`;
  });
  return { status: 200, xml: `<ListVersionsResult>${entries.join('')}</ListVersionsResult>` };
};

const deleted = ({ buckets, locked }: Stub, bucket: string, body: string): Answer => {
  const named = [...body.matchAll(/<Key>(.*?)<\/Key><VersionId>(.*?)<\/VersionId>/g)];
  const asked = new Set(named.filter(([, key = '']) => !locked.has(key)).map(([, key, v]) => `${key} ${v}`));
  const left = (buckets.get(bucket) ?? []).filter(([key, version]) => !asked.has(`${key} ${version}`));
  buckets.set(bucket, left);
  const errors = named
    .filter(([, key = '']) => locked.has(key))
    .map(([, key]) => `<Error><Key>${key}</Key><Code>AccessDenied</Code><Message>locked</Message></Error>`);
  return { status: 200, xml: `<DeleteResult>${errors.join('')}</DeleteResult>` };
};
