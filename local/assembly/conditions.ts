import { z } from 'zod';
import { resolve, type Scope } from './intrinsics.ts';
import { TemplateError } from './template.ts';

const operands = z.array(z.unknown());

/**
 * Whether a condition of a template holds (CloudFormation User Guide, "Condition functions").
 * Operands that are no conditions may use the intrinsics that need no resource.
 */
export const holds = (condition: unknown, scope: Scope): boolean => {
  const call = z.record(z.string(), z.unknown()).safeParse(condition);
  const [name, argument] = Object.entries(call.data ?? {})[0] ?? [];
  switch (name) {
    case 'Condition':
      return scope.condition(String(argument));
    case 'Fn::And':
      return list(name, argument, 2, 10).every((operand) => holds(operand, scope));
    case 'Fn::Or':
      return list(name, argument, 2, 10).some((operand) => holds(operand, scope));
    case 'Fn::Not':
      return list(name, argument, 1, 1).every((operand) => !holds(operand, scope));
    case 'Fn::Equals': {
      const [left, right] = list(name, argument, 2, 2).map((operand) =>
        JSON.stringify(comparable(operand, scope)),
      );
      return left === right;
    }
    default:
      throw new TemplateError(`${name ?? JSON.stringify(condition)} is not a condition function`);
  }
};

/** CloudFormation compares scalars as strings. */
const comparable = (operand: unknown, scope: Scope): unknown => {
  const value = resolve(operand, scope);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
};

const list = (name: string, argument: unknown, min: number, max: number): unknown[] => {
  const parsed = operands.min(min).max(max).safeParse(argument);
  if (!parsed.success) throw new TemplateError(`${name} is not understood: ${JSON.stringify(argument)}`);
  return parsed.data;
};
