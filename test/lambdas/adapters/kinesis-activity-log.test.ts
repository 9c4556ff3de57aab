import { anEvent, type StubKinesis, startStubKinesis } from '../support/activity.ts';

let kinesis: StubKinesis;
beforeAll(async () => {
  kinesis = await startStubKinesis();
});
beforeEach(() => {
  kinesis.calls.length = 0;
});
afterAll(() => kinesis.close());

const aLog = async () => {
  const { kinesisActivityLog } = await import('../../../lambdas/adapters/kinesis-activity-log.ts');
  return kinesisActivityLog('activity');
};

test('events go out in one call, whole, with their subject as partition key', async () => {
  const log = await aLog();

  const notAppended = await log.append([anEvent('1', 'job-1'), anEvent('2', 'job-2')]);

  expect(notAppended).toEqual([]);
  expect(kinesis.calls).toEqual([
    [
      { key: 'job-1', text: JSON.stringify(anEvent('1', 'job-1')) },
      { key: 'job-2', text: JSON.stringify(anEvent('2', 'job-2')) },
    ],
  ]);
});

test('only what a call did not take is put again', async () => {
  const log = await aLog();
  kinesis.refusals.push(['job-2']);

  const notAppended = await log.append([anEvent('1', 'job-1'), anEvent('2', 'job-2'), anEvent('3', 'job-3')]);

  expect(notAppended).toEqual([]);
  expect(kinesis.calls.map((call) => call.map(({ key }) => key))).toEqual([
    ['job-1', 'job-2', 'job-3'],
    ['job-2'],
  ]);
});

test('what is refused to the end is given back with the reason of the broker', async () => {
  const log = await aLog();
  kinesis.refusals.push(...Array.from({ length: 4 }, () => ['job-2']));

  const notAppended = await log.append([anEvent('1', 'job-1'), anEvent('2', 'job-2')]);

  expect(notAppended).toEqual([
    { event: anEvent('2', 'job-2'), reason: 'ProvisionedThroughputExceededException: Rate exceeded' },
  ]);
  expect(kinesis.calls).toHaveLength(4);
});
