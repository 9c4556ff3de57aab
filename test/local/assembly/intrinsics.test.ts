import fc from 'fast-check';
import { resolve, UNRESOLVED } from '../../../local/assembly/intrinsics.ts';
import { scopeOf } from './scopes.ts';

describe('each intrinsic function answers as CloudFormation does', () => {
  const scope = scopeOf({
    Parameters: {
      Name: { Type: 'String', Default: 'jobs' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Bootstrap: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
    },
    Mappings: { Sizes: { small: { memory: 128 } } },
    Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
    Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
  });

  test.each([
    ['Ref to a parameter', { Ref: 'Name' }, 'jobs'],
    ['Ref to a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref to a resource', { Ref: 'Queue' }, 'Queue!ref'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref to the stack', { Ref: 'AWS::StackName' }, 'Stack'],
    ['the bootstrap version, newer than any that is asked for', { Ref: 'Bootstrap' }, '1000'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue!Arn'],
    ['GetAtt as a string', { 'Fn::GetAtt': 'Queue.Arn' }, 'Queue!Arn'],
    ['GetAtt of a dotted attribute', { 'Fn::GetAtt': ['Queue', 'Outputs.Url'] }, 'Queue!Outputs.Url'],
    ['Join of scalars', { 'Fn::Join': ['-', ['a', 1, true, { Ref: 'Name' }]] }, 'a-1-true-jobs'],
    ['Join without what has no value', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Sub of names', { 'Fn::Sub': '$' + '{Name}:$' + '{Queue.Arn}' }, 'jobs:Queue!Arn'],
    ['Sub of variables', { 'Fn::Sub': ['$' + '{X}$' + '{Name}', { X: { Ref: 'Queue' } }] }, 'Queue!refjobs'],
    ['Sub of a literal', { 'Fn::Sub': 'a$' + '{!Name}' }, 'a$' + '{Name}'],
    ['Select by a number in a string', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Split', { 'Fn::Split': [':', 'a:b'] }, ['a', 'b']],
    ['Select of Split', { 'Fn::Select': [0, { 'Fn::Split': ['!', { Ref: 'Queue' }] }] }, 'Queue'],
    ['If that holds', { 'Fn::If': ['Yes', 1, { Ref: 'Nothing' }] }, 1],
    ['If that does not hold', { 'Fn::If': ['No', { Ref: 'Nothing' }, 2] }, 2],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    [
      'FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'large', 'memory', { DefaultValue: 256 }] },
      256,
    ],
    ['ImportValue', { 'Fn::ImportValue': 'Other:Export' }, 'export Other:Export'],
    ['GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'X' } }, 'output Other.X'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Name' } } }, '{"a":"jobs"}'],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  test('a property without a value is left out, wherever it stands', () => {
    const value = {
      a: { Ref: 'AWS::NoValue' },
      b: [{ Ref: 'AWS::NoValue' }, 1],
      c: { d: { Ref: 'AWS::NoValue' } },
    };

    expect(resolve(value, scope)).toEqual({ b: [1], c: {} });
  });

  test.each([
    ['Fn::Transform', { 'Fn::Transform': { Name: 'x' } }, 'Fn::Transform is not supported'],
    ['a function beside other keys', { Ref: 'Name', b: 1 }, 'Ref stands beside other keys'],
    ['an unknown resource', { Ref: 'Nothing' }, '"Nothing", which is not in the template'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, 'AWS::Moon is not supported'],
    ['an unknown condition', { 'Fn::If': ['Maybe', 1, 2] }, 'no condition "Maybe"'],
    ['a dynamic reference', 'a{{resolve:ssm:/key}}', '{{resolve:ssm:/key}} is not supported'],
    ['an index past the end', { 'Fn::Select': [2, ['a']] }, 'no item 2 in a list of 1'],
    ['arguments of a wrong shape', { 'Fn::Join': 'a' }, 'Fn::Join is not understood'],
    ['a mapping that is not there', { 'Fn::FindInMap': ['Sizes', 'huge', 'memory'] }, 'no Sizes.huge.memory'],
  ])('%s is refused by name', (_, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

describe('API addresses are usable on this machine', () => {
  const scope = scopeOf(
    { Resources: { Api: { Type: 'AWS::ApiGateway::RestApi' } } },
    { ref: () => 'abc123' },
  );

  test.each([
    ['https', 'http://127.0.0.1:4566/_aws/execute-api/abc123/live/'],
    ['wss', 'ws://127.0.0.1:4566/_aws/execute-api/abc123/live/'],
  ])('%s', (scheme, expected) => {
    const parts = [
      `${scheme}://`,
      { Ref: 'Api' },
      '.execute-api.',
      { Ref: 'AWS::Region' },
      '.',
      { Ref: 'AWS::URLSuffix' },
    ];

    expect(resolve({ 'Fn::Join': ['', [...parts, '/live/']] }, scope)).toBe(expected);
  });

  test('those of another region are left alone', () => {
    const address = 'https://abc123.execute-api.eu-west-1.amazonaws.com/live';

    expect(resolve({ 'Fn::Join': ['', [address]] }, scope)).toBe(address);
  });
});

describe('laws of the functions, for any input', () => {
  const scope = scopeOf({ Resources: { R: { Type: 'T' } } });
  const plain = fc.string().filter((text) => !text.includes('{{resolve:'));
  const unknown = scopeOf({ Resources: { R: { Type: 'T' } } }, { ref: () => UNRESOLVED });

  test('a value without intrinsics is itself', () => {
    const key = fc
      .string()
      .filter((name) => !name.startsWith('Fn::') && name !== 'Ref' && name !== '__proto__');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        plain,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any')),
        fc.dictionary(key, tie('any')),
      ),
    })).any;

    fc.assert(fc.property(value, (it) => expect(resolve(it, scope)).toEqual(it)));
  });

  test('Split undoes Join', () => {
    const items = fc.array(
      plain.filter((text) => !text.includes('|')),
      { minLength: 1 },
    );

    fc.assert(
      fc.property(items, (list) =>
        expect(resolve({ 'Fn::Split': ['|', { 'Fn::Join': ['|', list] }] }, scope)).toEqual(list),
      ),
    );
  });

  test('Select takes what is at the index', () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), fc.nat(), (list, number) => {
        const index = number % list.length;
        expect(resolve({ 'Fn::Select': [index, list] }, scope)).toBe(list[index]);
      }),
    );
  });

  test('Sub puts any value in as it is', () => {
    fc.assert(
      fc.property(plain, (value) =>
        expect(resolve({ 'Fn::Sub': ['<$' + '{V}>', { V: value }] }, scope)).toBe(`<${value}>`),
      ),
    );
  });

  test('Base64 and ToJsonString can be read back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('{{resolve:')),
        (text) => {
          expect(Buffer.from(String(resolve({ 'Fn::Base64': text }, scope)), 'base64').toString()).toBe(text);
          expect(JSON.parse(String(resolve({ 'Fn::ToJsonString': [text] }, scope)))).toEqual([text]);
        },
      ),
    );
  });

  test('what is not known yet swallows every string around it', () => {
    const around = fc.constantFrom<(inner: unknown) => unknown>(
      (inner) => ({ 'Fn::Join': ['', ['a', inner]] }),
      (inner) => ({ 'Fn::Sub': ['$' + '{V}', { V: inner }] }),
      (inner) => ({ 'Fn::Base64': inner }),
      (inner) => ({ 'Fn::Select': [0, { 'Fn::Split': ['/', inner] }] }),
    );

    fc.assert(
      fc.property(fc.array(around), (layers) =>
        expect(
          resolve(
            layers.reduce((inner, wrap) => wrap(inner), { Ref: 'R' } as unknown),
            unknown,
          ),
        ).toBe(UNRESOLVED),
      ),
    );
  });
});
