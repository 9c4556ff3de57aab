import { compileConditions } from '../../../local/iam/conditions.ts';

const arn = 'arn:aws:sns:us-east-1:000000000000:Events';
const context = new Map([
  ['aws:sourcearn', arn],
  ['aws:sourceaccount', '000000000000'],
  ['aws:securetransport', 'true'],
  ['aws:multifactorauthage', '60'],
]);
const holds = (operator: string, key: string, ...values: string[]) =>
  compileConditions({ [operator]: { [key]: values } })(context);

test.each([
  ['StringEquals', 'aws:SourceAccount', ['000000000000'], true],
  ['StringEquals', 'AWS:SOURCEACCOUNT', ['1', '000000000000'], true],
  ['StringEquals', 'aws:SourceAccount', ['1'], false],
  ['StringEqualsIgnoreCase', 'aws:SourceArn', [arn.toUpperCase()], true],
  ['StringNotEquals', 'aws:SourceAccount', ['1', '2'], true],
  ['StringNotEquals', 'aws:SourceAccount', ['1', '000000000000'], false],
  ['StringNotEqualsIgnoreCase', 'aws:SourceArn', [arn.toUpperCase()], false],
  ['StringLike', 'aws:SourceArn', ['arn:*:Ev?nts'], true],
  ['StringNotLike', 'aws:SourceArn', ['arn:*'], false],
  ['ArnEquals', 'aws:SourceArn', [arn], true],
  ['ArnLike', 'aws:SourceArn', ['arn:aws:sns:*:*:E*'], true],
  ['ArnLike', 'aws:SourceArn', ['arn:aws:*:Events'], false],
  ['ArnNotLike', 'aws:SourceArn', ['arn:aws:sqs:*:*:*'], true],
  ['Bool', 'aws:SecureTransport', ['true'], true],
  ['Bool', 'aws:SecureTransport', ['false'], false],
  ['NumericEquals', 'aws:MultiFactorAuthAge', ['60.0'], true],
  ['NumericNotEquals', 'aws:MultiFactorAuthAge', ['60'], false],
  ['NumericLessThan', 'aws:MultiFactorAuthAge', ['60'], false],
  ['NumericLessThanEquals', 'aws:MultiFactorAuthAge', ['60'], true],
  ['NumericGreaterThan', 'aws:MultiFactorAuthAge', ['7'], true],
  ['NumericGreaterThanEquals', 'aws:MultiFactorAuthAge', ['61'], false],
  ['NumericLessThan', 's3:TlsVersion', ['1.2'], false],
  ['Null', 'aws:SourceVpc', ['true'], true],
  ['Null', 'aws:SourceArn', ['true'], false],
  ['Null', 'aws:SourceArn', ['false'], true],
])('%s of %s with %j: %s', (operator, key, values, expected) => {
  expect(holds(operator, key, ...values)).toBe(expected);
});

test.each([
  ['StringEquals', false],
  ['StringNotEquals', true],
  ['StringEqualsIfExists', true],
  ['ArnLike', false],
  ['BoolIfExists', true],
])('%s of a key that the request does not have: %s', (operator, expected) => {
  expect(holds(operator, 'aws:SourceVpc', 'vpc-1')).toBe(expected);
});

test('all operators and all keys must hold', () => {
  const both = compileConditions({
    StringEquals: { 'aws:SourceAccount': ['000000000000'] },
    ArnEquals: { 'aws:SourceArn': ['arn:aws:sns:us-east-1:000000000000:Other'] },
  });

  expect(both(context)).toBe(false);
});
