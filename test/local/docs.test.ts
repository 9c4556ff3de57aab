import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { operationsPage } from '../../bin/docs/operations-page.ts';
import { refreshed, resourceTypePage } from '../../local/docs.ts';
import { acceptedNotEmulated, resourceType } from '../../local/resources/resource-type.ts';

const create = async () => ({ ref: '' });

test('the committed page says of the resource types what the code does: npm run docs', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../docs/local-cloud.md'), 'utf8');

  const made = refreshed(committed, operationsPage());

  expect(committed).toBe(made);
});

test('a type is found by the anchor of the messages that refuse its properties', () => {
  const page = resourceTypePage();

  expect(page).toContain('<a id="aws-sqs-queue"></a>\n\n### AWS::SQS::Queue');
  expect(page).toContain('(#aws-sqs-queue)');
});

test('every operation of a service is there or refused by its error', () => {
  const page = operationsPage();

  const kinesis = page.slice(page.indexOf('### Amazon Kinesis'), page.indexOf('### Amazon CloudWatch'));
  expect(kinesis).toMatch(/`SubscribeToShard`.* \| supported \|/);
  expect(kinesis).toMatch(/`StartStreamEncryption`.* \| refused: UnknownOperationException \|/);
});

test('what has no effect stands apart with its reason, nested properties by their path', () => {
  const type = resourceType({
    type: 'AWS::Made::Up',
    attributes: ['Name', 'Arn'],
    properties: z.strictObject({
      Name: z.string().optional(),
      Tags: acceptedNotEmulated('nobody reads them'),
      Parts: z.array(z.strictObject({ Size: z.number(), Colour: acceptedNotEmulated('it is dark') })),
    }),
    create,
  });

  const page = resourceTypePage([type]);

  expect(page).toContain('| `Name`, `Parts` | supported |');
  expect(page).toContain('| `Tags` | not emulated: nobody reads them |');
  expect(page).toContain('| `Parts.Colour` | not emulated: it is dark |');
  expect(page).toContain('`Fn::GetAtt`: `Arn`, `Name`');
});

test('a type that is only accepted is not called supported', () => {
  const type = resourceType({
    type: 'AWS::Made::Up',
    attributes: [],
    properties: z.strictObject({ Name: z.string().optional() }),
    create,
    limits: () => [{ reason: 'there is nothing to see' }],
  });

  const page = resourceTypePage([type]);

  expect(page).toContain('| `Name` | not emulated: there is nothing to see |');
  expect(page).not.toContain('supported');
});
