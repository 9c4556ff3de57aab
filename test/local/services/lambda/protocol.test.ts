import { createServer, type Server } from 'node:http';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { account, type LambdaInTest, lambdaInTest, until } from './lambda-in-test.ts';

let cloud: LambdaInTest;
let server: Server;
let client: LambdaClient;

beforeEach(async () => {
  cloud = lambdaInTest();
  server = createServer((request, response) => {
    const call = { requestId: crypto.randomUUID(), caller: account, authorize: () => undefined };
    void cloud.lambda.protocol.handle(request, response, call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  client = new LambdaClient({
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  await cloud.close();
});

const text = (payload: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(payload ?? []).toString());

describe('Invoke', () => {
  test.each([
    'worker',
    '000000000000:function:worker',
    'arn:aws:lambda:us-east-1:000000000000:function:worker',
  ])('by %s answers payload, version and log tail', async (FunctionName) => {
    await cloud.create();

    const answer = await client.send(
      new InvokeCommand({ FunctionName, Payload: '{"a":1}', LogType: 'Tail' }),
    );

    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(text(answer.Payload)).toMatchObject({ event: { a: 1 }, requestId: answer.$metadata.requestId });
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toContain('END RequestId');
  });

  test('a failed function is a 200 with FunctionError', async () => {
    await cloud.create();

    const answer = await client.send(new InvokeCommand({ FunctionName: 'worker', Payload: '{"throw":"x"}' }));

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  });

  test('Event is accepted with 202 and runs; DryRun answers 204 and runs nothing', async () => {
    await cloud.create();

    const dry = await client.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'DryRun' }));
    const event = await client.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }));

    expect([dry.StatusCode, event.StatusCode]).toEqual([204, 202]);
    await until(() => cloud.foundation.trace.events().length > 0, 'the event runs');
    expect(cloud.foundation.trace.events()).toMatchObject([
      { ids: { requestId: event.$metadata.requestId } },
    ]);
  });

  test.each([
    ['nobody', '{}', { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } }],
    ['worker', '{', { name: 'InvalidRequestContentException', $metadata: { httpStatusCode: 400 } }],
    [
      'idle',
      '{}',
      { name: 'TooManyRequestsException', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    ],
  ])('of %s with %s is refused by name', async (FunctionName, Payload, error) => {
    await cloud.create();
    await cloud.create({ name: 'idle', reservedConcurrency: 0 });

    await expect(client.send(new InvokeCommand({ FunctionName, Payload }))).rejects.toMatchObject(error);
  });

  test('without a grant is refused as Lambda names it', async () => {
    await cloud.create();
    cloud.denied.add('lambda:InvokeFunction');

    await expect(client.send(new InvokeCommand({ FunctionName: 'worker' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('functions', () => {
  test('are listed and described', async () => {
    await cloud.create({ environment: { A: 'b' } });

    const { Functions } = await client.send(new ListFunctionsCommand({}));
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'worker' }));
    const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'worker' }));

    expect(Functions).toHaveLength(1);
    expect(configuration).toMatchObject({
      ...Configuration,
      FunctionName: 'worker',
      State: 'Active',
      Timeout: 3,
      MemorySize: 256,
      Environment: { Variables: { A: 'b' } },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/worker' },
    });
  });

  test('UpdateFunctionConfiguration changes what the next event sees', async () => {
    await cloud.create();

    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'worker',
        Environment: { Variables: { X: 'y' } },
        Timeout: 5,
      }),
    );

    const { Payload } = await client.send(
      new InvokeCommand({ FunctionName: 'worker', Payload: '{"environment":true}' }),
    );
    expect(text(Payload)).toMatchObject({ environment: { X: 'y' } });
  });

  test('reserved concurrency is put, read and deleted', async () => {
    await cloud.create();
    const FunctionName = 'worker';

    await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const reserved = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    const free = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));

    expect([reserved.ReservedConcurrentExecutions, free.ReservedConcurrentExecutions]).toEqual([
      0,
      undefined,
    ]);
  });
});

describe('event source mappings', () => {
  test('are created, found, disabled, enabled and deleted', async () => {
    await cloud.create();
    const EventSourceArn = cloud.queues.add('work');

    const created = await client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn }),
    );
    const { UUID } = created;
    const { EventSourceMappings } = await client.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'worker' }),
    );
    const disabling = await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    const disabled = await client.send(new GetEventSourceMappingCommand({ UUID }));
    const enabling = await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    const enabled = await client.send(new GetEventSourceMappingCommand({ UUID }));
    const deleting = await client.send(new DeleteEventSourceMappingCommand({ UUID }));

    expect(created).toMatchObject({
      BatchSize: 10,
      EventSourceArn,
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
      FunctionResponseTypes: [],
      MaximumBatchingWindowInSeconds: 0,
      State: 'Creating',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: expect.any(Date),
    });
    expect(EventSourceMappings).toMatchObject([{ UUID, State: 'Enabled' }]);
    expect([disabling, disabled, enabling, enabled, deleting].map(({ State }) => State)).toEqual([
      'Disabling',
      'Disabled',
      'Enabling',
      'Enabled',
      'Deleting',
    ]);
    await expect(client.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a second one for the same queue and function conflicts', async () => {
    await cloud.create();
    const EventSourceArn = cloud.queues.add('work');
    const command = { FunctionName: 'worker', EventSourceArn };
    await client.send(new CreateEventSourceMappingCommand(command));

    await expect(client.send(new CreateEventSourceMappingCommand(command))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: expect.stringContaining(
        `An event source mapping with SQS arn (" ${EventSourceArn} ") and function (" worker ")`,
      ),
    });
  });
});
