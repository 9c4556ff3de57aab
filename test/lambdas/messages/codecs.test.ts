import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { type Codec, CodecError } from '../../../lambdas/messages/codecs/codec.ts';
import { json } from '../../../lambdas/messages/codecs/json.ts';
import { protobuf } from '../../../lambdas/messages/codecs/protobuf.ts';
import { fromQueueBody, toQueueBody } from '../../../lambdas/messages/codecs/queue-body.ts';
import { xml } from '../../../lambdas/messages/codecs/xml.ts';
import type { JobOutcome } from '../../../lambdas/messages/job-messages.ts';

const codecs: readonly (readonly [string, Codec])[] = [
  ['JSON', json],
  ['XML', xml],
  ['protobuf', protobuf],
];

const hostile = fc.constantFrom(
  '</detail><detail>',
  '<!DOCTYPE x [<!ENTITY e "e">]>&e;',
  '&lt;&#65;&amp;lt;',
  '\\u0041\\',
  ']]>',
  '{"__proto__":1}',
  'a\r\nb\rc\td ',
  '  ',
  '\u0000\u0001\u000b\u001f\u007f\u0085\u2028',
  '\ufeff\ufffe\uffff',
  '🦊',
  'true',
  '007',
  '1e3',
);
const text = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), hostile);
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((digits) => /[^0]/.test(digits));

const envelope = {
  specversion: fc.constant('1.0' as const),
  id: text,
  source: text,
  time: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString()),
  subject: text,
  datacontenttype: fc.constant('application/json' as const),
  traceparent: fc.tuple(hex(32), hex(16)).map(([trace, parent]) => `00-${trace}-${parent}-01`),
  correlationid: text,
  causationid: text,
};
const result = fc.record({ contentType: text, width: count, height: count, bytes: count });
const error = fc.record(
  { type: text, title: text, detail: text, retryable: fc.boolean() },
  { requiredKeys: ['type', 'title', 'detail'] },
);
const outcome: fc.Arbitrary<JobOutcome> = fc.oneof(
  fc.record({
    ...envelope,
    type: fc.constant('serverless-ipc.job.succeeded.v1' as const),
    data: fc.record({ jobId: text, result }),
  }),
  fc.record({
    ...envelope,
    type: fc.constant('serverless-ipc.job.failed.v1' as const),
    data: fc.record({ jobId: text, error }),
  }),
);

const aFailure: JobOutcome = {
  specversion: '1.0',
  type: 'serverless-ipc.job.failed.v1',
  id: 'j:failed',
  source: 'urn:serverless-ipc:process-image',
  time: '2026-01-01T00:00:00.000Z',
  subject: 'j',
  datacontenttype: 'application/json',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  correlationid: 'request-1',
  causationid: 'm-1',
  data: { jobId: 'j', error: { type: 'urn:x', title: 'Corrupt', detail: 'It ends too early.' } },
};

describe.each(codecs)('%s', (_format, codec) => {
  test('a message is read as it was written, whatever its texts hold', () => {
    fc.assert(
      fc.property(outcome, (message) => {
        expect(codec.decode(codec.encode(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  test('whatever the bytes, they are read or refused by name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          text.map((one) => Buffer.from(one)),
        ),
        (bytes) => {
          expect(refusal(() => codec.decode(bytes))).toBe('CodecError');
        },
      ),
    );
  });

  test('a message that arrives damaged is read or refused by name, never half', () => {
    const whole = codec.encode(aFailure);

    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = whole.slice();
        damaged[at] = byte;

        expect(['read', 'CodecError']).toContain(refusal(() => codec.decode(damaged)));
        expect(['read', 'CodecError']).toContain(refusal(() => codec.decode(whole.slice(0, at))));
      }),
    );
  });

  test('a message that lacks something is refused with what it lacks', () => {
    const written = codec.encode({ ...aFailure, subject: '' });

    expect(() => codec.decode(written)).toThrow(`${codec.contentType}: not the contract: subject: `);
  });

  test('the body of a queue has only characters that SQS takes, and says what it is', () => {
    fc.assert(
      fc.property(outcome, (message) => {
        const sent = toQueueBody(codec, message);

        expect(sent.body).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u);
        expect(fromQueueBody(sent)).toEqual(message);
      }),
    );
  });
});

/** `read`, or the name of the error. */
const refusal = (read: () => unknown): string => {
  try {
    read();
    return 'read';
  } catch (error) {
    return error instanceof CodecError ? error.name : String(error);
  }
};

const xmlOf = (text: string) => () => xml.decode(Buffer.from(text));
const written = Buffer.from(xml.encode(aFailure)).toString();

test.each([
  ['a document type', `<!DOCTYPE jobOutcome>${written}`],
  ['an entity of its own', written.replace('Corrupt', '&e;')],
  [
    'entities that grow',
    `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${written.replace('Corrupt', '&b;')}`,
  ],
  ['a file', `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${written.replace('Corrupt', '&f;')}`],
  ['CDATA', written.replace('Corrupt', '<![CDATA[Corrupt]]>')],
  ['a repeated element', written.replace('<id>', '<id>other</id><id>')],
  ['an open element', written.replace('</data>', '')],
  ['another root', written.replaceAll('jobOutcome', 'other')],
  ['a truth value of another kind', written.replace('</detail>', '</detail><retryable>1</retryable>')],
  ['a hundred thousand levels', '<a>'.repeat(100_000)],
])('XML with %s is refused', (_case, text) => {
  expect(xmlOf(text)).toThrow(CodecError);
});

test('XML of somebody else is read: declaration, line breaks between elements, attributes, the entities of XML', () => {
  const foreign = `<?xml version="1.0" encoding="UTF-8"?>\n${written
    .replace('<data>', '\n  <data kind="failed">\n')
    .replace('Corrupt', '&quot;Corrupt&#34; &#x26; &apos;late&apos;')}`;

  expect(xmlOf(foreign)()).toEqual({
    ...aFailure,
    data: {
      ...aFailure.data,
      error: { type: 'urn:x', title: `"Corrupt" & 'late'`, detail: 'It ends too early.' },
    },
  });
});

test('what UTF-8 cannot hold is refused by protobuf, not replaced, and kept by the others', () => {
  const half = { ...aFailure, id: 'half \ud83e of a fox' };

  expect(() => protobuf.encode(half)).toThrow('half a surrogate pair');
  expect(json.decode(json.encode(half))).toEqual(half);
  expect(xml.decode(xml.encode(half))).toEqual(half);
});

test('a newer producer does not break a reader', () => {
  const newer = { ...aFailure, priority: 1 };

  expect(json.decode(json.encode(newer))).toEqual(aFailure);
  expect(xml.decode(xml.encode(newer))).toEqual(aFailure);
  // Field 15, a varint.
  expect(protobuf.decode(Buffer.concat([protobuf.encode(aFailure), Buffer.from([15 << 3, 1])]))).toEqual(
    aFailure,
  );
});

test('a body of an unknown type is refused by name', () => {
  expect(() => fromQueueBody({ contentType: 'application/avro', body: 'x' })).toThrow(CodecError);
});

test('the generated code is what the tools make of the schema', () => {
  const root = resolve(import.meta.dirname, '../../..');
  const out = mkdtempSync(join(tmpdir(), 'generated-'));
  const file = 'lambdas/messages/generated/serverless_ipc/v1/job_outcome_pb.ts';

  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  execFileSync('buf', ['generate', '--output', out], { cwd: root, env: { ...process.env, PATH } });
  const made = readFileSync(join(out, file), 'utf8');
  rmSync(out, { recursive: true });

  expect(made).toBe(readFileSync(join(root, file), 'utf8'));
});
