import { settle, streamWith } from './kinesis-mapping.ts';

test('a mapping that is made anew begins at its starting position', async () => {
  const { map, put, last, texts, mappings } = await streamWith();
  const { UUID } = await map();
  await put('a');

  mappings.delete(UUID);
  const { UUID: another } = await map();
  await last().answer();

  expect(another).not.toBe(UUID);
  expect(texts()).toEqual([['a'], ['a']]);
});

test('nothing is left of a deleted mapping when the cloud starts again', async () => {
  const { base, map, put, last, mappings } = await streamWith();
  const { UUID } = await map();
  await put('a');
  await last().answer();
  mappings.delete(UUID);
  await mappings.close();

  const again = await streamWith(1, base);
  await again.map();

  expect(again.texts()).toEqual([['a']]);
});

test('a template that says another starting position begins there, as CloudFormation replaces the mapping', async () => {
  const { base, map, put, last, mappings } = await streamWith();
  await map({ StartingPosition: 'LATEST' });
  await put('a');
  await last().answer();
  await mappings.close();

  const again = await streamWith(1, base);
  await again.map({ StartingPosition: 'TRIM_HORIZON' });

  expect(again.texts()).toEqual([['a']]);
});

test('a disabled mapping takes nothing; enabled, it goes on where it was', async () => {
  const { map, put, last, texts, mappings } = await streamWith();
  const { UUID } = await map();
  await put('a');
  await last().answer();

  mappings.update(UUID, { enabled: false, settings: {} });
  await settle();
  await put('b');
  expect(texts()).toEqual([['a']]);
  mappings.update(UUID, { enabled: true, settings: {} });
  await settle();

  expect(texts()).toEqual([['a'], ['b']]);
});
