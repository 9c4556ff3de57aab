import { mapped, turn } from './sqs-mapping.ts';

describe('a mapping', () => {
  test('that is disabled takes nothing, and goes on when it is enabled', async () => {
    const { create, put, invoked, mappings, queues, queueArn } = await mapped();
    const { UUID } = create();
    await turn();

    mappings.update(UUID, { enabled: false, settings: {} });
    await put('one');
    expect([invoked.length, queues.depth(queueArn).visible]).toEqual([0, 1]);
    mappings.update(UUID, { enabled: true, settings: {} });
    await turn();

    expect(invoked.map(({ bodies }) => bodies)).toEqual([['one']]);
  });

  test('is Disabling until what it has taken is done', async () => {
    const { create, put, invoked, mappings } = await mapped();
    const { UUID } = create();
    await put('one');

    mappings.update(UUID, { enabled: false, settings: {} });
    await turn();
    expect(mappings.get(UUID).State).toBe('Disabling');
    await invoked[0]?.answer();

    expect(mappings.get(UUID).State).toBe('Disabled');
  });

  test('has the same UUID on every start', async () => {
    const { UUID } = (await mapped()).create();

    expect((await mapped()).create().UUID).toBe(UUID);
    expect(UUID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('that loses its permission takes nothing until it has it again', async () => {
    const { create, put, denied, invoked, advance } = await mapped();
    create();
    denied.add('sqs:ReceiveMessage');
    await advance(20_000);

    await put('one');
    expect(invoked).toHaveLength(0);
    denied.clear();
    await advance(10_000);

    expect(invoked).toHaveLength(1);
  });

  test.each([
    [
      'a window is missing',
      { BatchSize: 11 },
      'work',
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      'a pattern is no pattern',
      { FilterCriteria: { Filters: [{ Pattern: '"text"' }] } },
      'work',
      'Invalid filter pattern definition.',
    ],
    [
      'a FIFO queue has a window',
      { MaximumBatchingWindowInSeconds: 1 },
      'work.fifo',
      'Batching window is not supported for FIFO queues.',
    ],
    [
      'a stream setting is given',
      { StartingPosition: 'LATEST' },
      'work',
      expect.stringContaining('StartingPosition'),
    ],
    [
      'the concurrency is too low',
      { ScalingConfig: { MaximumConcurrency: 1 } },
      'work',
      expect.stringContaining('MaximumConcurrency'),
    ],
  ])('is refused when %s', async (_, settings, name, message) => {
    const { create } = await mapped(settings, name);

    expect(create).toThrow(expect.objectContaining({ code: 'InvalidParameterValueException', message }));
  });

  test('is refused without the permissions that polling needs', async () => {
    const { create, denied } = await mapped();
    denied.add('sqs:DeleteMessage');

    expect(create).toThrow(
      'The function execution role does not have permissions to call DeleteMessage on SQS',
    );
  });

  test('is refused when its messages come back before the function is done', async () => {
    const { queues, mappings } = await mapped();
    const eventSourceArn = queues.add('hasty', 2000);

    expect(() => mappings.create({ functionName: 'worker', eventSourceArn, settings: {} })).toThrow(
      'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    );
  });

  test('is refused for a queue that does not exist', async () => {
    const { mappings, queueArn } = await mapped();

    expect(() =>
      mappings.create({ functionName: 'worker', eventSourceArn: `${queueArn}-not`, settings: {} }),
    ).toThrow(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  });
});
