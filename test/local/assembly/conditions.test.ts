import { scopeOf } from './scopes.ts';

const scope = scopeOf({
  Parameters: { Stage: { Type: 'String', Default: 'dev' }, Count: { Type: 'Number', Default: 2 } },
  Conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsTwo: { 'Fn::Equals': [{ Ref: 'Count' }, 2] },
    NotDev: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Both: { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsTwo' }] },
    Either: { 'Fn::Or': [{ Condition: 'NotDev' }, { Condition: 'IsTwo' }] },
    Neither: { 'Fn::Or': [{ Condition: 'NotDev' }, { 'Fn::Equals': ['a', 'b'] }] },
    Round: { 'Fn::Not': [{ Condition: 'About' }] },
    About: { 'Fn::Not': [{ Condition: 'Round' }] },
    Odd: { 'Fn::Maybe': [] },
    Alone: { 'Fn::And': [{ Condition: 'IsDev' }] },
  },
});

test.each([
  ['IsDev', true],
  ['IsTwo', true],
  ['NotDev', false],
  ['Both', true],
  ['Either', true],
  ['Neither', false],
])('%s is %s', (name, expected) => {
  expect(scope.condition(name)).toBe(expected);
});

test.each([
  ['Round', 'depends on itself'],
  ['Odd', 'Fn::Maybe is not a condition function'],
  ['Alone', 'Fn::And is not understood'],
  ['Missing', 'no condition "Missing"'],
])('%s is refused: %s', (name, message) => {
  expect(() => scope.condition(name)).toThrow(message);
});
