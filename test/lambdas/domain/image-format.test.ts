import fc from 'fast-check';
import sharp from 'sharp';
import { sniffFormat } from '../../../lambdas/domain/image-format.ts';
import { ProblemError } from '../../../lambdas/domain/problem.ts';

test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
  '%s is told from its bytes',
  async (format) => {
    const image = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
    const bytes = await image.toFormat(format).toBuffer();

    expect(sniffFormat(bytes)).toBe(format);
  },
);

test.each([
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'unsupported-image'],
  [
    'SVG behind a prologue',
    '<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg\n width="1"/>',
    'unsupported-image',
  ],
  ['text', 'These are words.', 'not-an-image'],
  ['a page', '<!doctype html><p>', 'not-an-image'],
  ['a video', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'not-an-image'],
  ['nothing', '', 'not-an-image'],
])('%s is refused', (_case, text, name) => {
  const problem = expect.objectContaining({ type: `urn:problem:serverless-ipc:${name}` });

  expect(() => sniffFormat(Buffer.from(text, 'latin1'))).toThrow(expect.objectContaining({ problem }));
});

test('whatever the bytes are, the answer is a format or a problem', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(typeof sniffFormat(bytes)).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(ProblemError);
      }
    }),
  );
});
