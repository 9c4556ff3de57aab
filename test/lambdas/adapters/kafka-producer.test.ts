import { jest } from '@jest/globals';
import { idempotentProducer } from '../../../lambdas/adapters/kafka-producer.ts';

test('a cold start says nothing: that its retries are limited is known, and no cause for a warning', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

  idempotentProducer('127.0.0.1:1');
  const written = write.mock.calls.map(([line]) => String(line));
  write.mockRestore();

  expect(written).toEqual([]);
});

test('what goes wrong later is logged from the level of a warning on', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const logger = idempotentProducer('127.0.0.1:1').logger();

  logger.info('a detail');
  logger.warn('trouble');
  const written = write.mock.calls.map(([line]) => JSON.parse(String(line)));
  write.mockRestore();

  expect(written).toEqual([expect.objectContaining({ level: 'WARN', message: 'Kafka: trouble' })]);
});
