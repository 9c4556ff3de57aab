import { TemplateError } from './template.ts';

/** The zones that this region is said to have. */
export const availabilityZones = (region: string): string[] =>
  ['a', 'b', 'c'].map((zone) => `${region}${zone}`);

/**
 * `Fn::Cidr`: the first `count` blocks of `2 ** hostBits` addresses in an IPv4 block
 * (CloudFormation User Guide, "Fn::Cidr").
 */
export const cidrBlocks = (block: string, count: number, hostBits = 8): string[] => {
  const [, address, prefix] = block.match(/^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/) ?? [];
  if (address === undefined || prefix === undefined)
    throw new TemplateError(`Fn::Cidr: "${block}" is not an IPv4 block`);
  const size = 2 ** hostBits;
  if (count > 256 || count * size > 2 ** (32 - Number(prefix)))
    throw new TemplateError(`Fn::Cidr: ${block} has no room for ${count} blocks of ${size} addresses`);
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Array.from({ length: count }, (_, index) => `${dotted(first + index * size)}/${32 - hostBits}`);
};

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
