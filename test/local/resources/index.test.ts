import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findType, resourceTypes } from '../../../local/resources/index.ts';

const directory = join(import.meta.dirname, '../../../local/resources');

test('every resource type that there is a file for can be deployed', () => {
  const written = readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .flatMap((source) => source.match(/(?<=resourceType\(\{\s*type: ')[^']+/)?.[0] ?? []);

  expect(resourceTypes.map(({ type }) => type).toSorted()).toEqual(written.toSorted());
});

test('a custom resource under any name is made by its function; a type that is not known is not found', () => {
  expect(findType('Custom::Anything')).toBe(findType('AWS::CloudFormation::CustomResource'));
  expect(findType('Custom::S3BucketNotifications')).not.toBe(findType('Custom::Anything'));
  expect(findType('AWS::EC2::NatGateway')).toBeUndefined();
});
