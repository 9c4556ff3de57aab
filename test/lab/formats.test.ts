import fc from 'fast-check';
import { formatNames } from '../../lab/formats/format.ts';
import { formats, fromText, toText } from '../../lab/formats/index.ts';

const key = fc.string({ unit: fc.constantFrom(...'abz019-_.<&>"'), minLength: 1, maxLength: 12 });
const time = fc
  .double({ min: 0, max: 2e12, noNaN: true })
  .map((ms) => Math.abs(Math.round(ms * 1_000) / 1_000));
const message = fc.record({
  run: key,
  producer: key,
  key,
  seq: fc.nat({ max: 4_294_967_295 }),
  intendedAt: time,
  sentAt: time,
  padding: fc.integer({ min: 0, max: 2_000 }).map((length) => 'x'.repeat(length)),
});

test.each(formatNames)('%s: what is written is read as it was, as bytes and as text', (name) => {
  const format = formats[name];

  fc.assert(
    fc.property(message, (one) => {
      const bytes = format.encode(one);

      expect(format.decode(bytes)).toEqual(one);
      expect(format.decode(fromText(format, toText(format, bytes)))).toEqual(one);
    }),
  );
});

test.each(formatNames)('%s: what is no message of the lab is refused', (name) => {
  const bytes = new TextEncoder().encode('something else');

  expect(() => formats[name].decode(bytes)).toThrow();
});
