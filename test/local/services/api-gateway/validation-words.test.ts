import ajvDraft04 from 'ajv-draft-04';
import { validationWords } from '../../../../local/services/api-gateway/validation-words.ts';

const schema = {
  type: 'object',
  required: ['id', 'size'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 2, maxLength: 4, pattern: '^[a-z]*$' },
    size: { type: 'number', minimum: 1, maximum: 9 },
    kind: { enum: ['a', 'b'] },
    tags: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true },
  },
};
const validate = new ajvDraft04.default({ strict: false, allErrors: true, verbose: true }).compile(schema);
const good = { id: 'abc', size: 1 };

test.each([
  ['missing properties', {}, 'object has missing required properties (["id","size"])'],
  [
    'properties that are not allowed',
    { ...good, y: 1, x: 1 },
    'object instance has properties which are not allowed by the schema: ["x","y"]',
  ],
  [
    'a type',
    { ...good, id: 7 },
    'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
  ],
  [
    'a number',
    { ...good, size: null },
    'instance type (null) does not match any allowed primitive type (allowed: ["integer","number"])',
  ],
  ['an enum', { ...good, kind: 'c' }, 'instance value ("c") not found in enum (possible values: ["a","b"])'],
  [
    'a minimum',
    { ...good, size: 0 },
    'numeric instance is lower than the required minimum (minimum: 1, found: 0)',
  ],
  [
    'a maximum',
    { ...good, size: 9.5 },
    'numeric instance is greater than the required maximum (maximum: 9, found: 9.5)',
  ],
  ['a short text', { ...good, id: 'a' }, 'string "a" is too short (length: 1, required minimum: 2)'],
  ['a long text', { ...good, id: 'abcde' }, 'string "abcde" is too long (length: 5, maximum allowed: 4)'],
  ['a pattern', { ...good, id: 'AB' }, 'ECMA 262 regex "^[a-z]*$" does not match input string "AB"'],
  [
    'a short list',
    { ...good, tags: [] },
    'array is too short: must have at least 1 elements but instance has 0 elements',
  ],
  [
    'a long list',
    { ...good, tags: [1, 2, 3] },
    'array is too long: must have at most 2 elements but instance has 3 elements',
  ],
])('%s is told in the words of AWS', (_, body, words) => {
  validate(body);

  expect(validationWords(validate.errors ?? [])).toEqual([words]);
});

test('of anything else the place is told', () => {
  validate({ ...good, tags: [1, 1] });

  expect(validationWords(validate.errors ?? [])).toEqual([expect.stringMatching(/^\/tags: must NOT have/)]);
});
