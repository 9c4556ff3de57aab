import { z } from 'zod';
import { invalidValue, SqsError } from './errors.ts';
import type { OpenQueue } from './open-queue.ts';
import { onQueue } from './operation.ts';
import { texts } from './wire.ts';

const statement = z.looseObject({ Sid: z.string().optional() });
const policy = z.looseObject({
  Statement: z.union([z.array(statement), statement.transform((only) => [only])]),
});

const policyOf = ({ attributes, arn }: OpenQueue): z.output<typeof policy> =>
  attributes.Policy
    ? policy.parse(JSON.parse(attributes.Policy))
    : { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };

/** "An Amazon SQS policy can have a maximum of seven actions per statement" (SQS API, "AddPermission"). */
const MOST_ACTIONS = 7;
const label = /^[\w-]{1,80}$/;

const checkPermission = (Label: string, actions: readonly string[]): void => {
  if (!label.test(Label))
    throw invalidValue(
      Label,
      'Label',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  if (actions.length > MOST_ACTIONS)
    throw new SqsError(
      'OverLimit',
      `${actions.length} Actions were found, maximum allowed is ${MOST_ACTIONS}.`,
    );
};

/** A statement for the accounts, under its label; the shape is the one that AWS writes (recorded, 30-04-2024). */
const addPermission = onQueue(
  'AddPermission',
  z.object({ Label: z.string(), AWSAccountIds: texts, Actions: texts }),
  async ({ sqs, queue, input: { Label, AWSAccountIds, Actions } }) => {
    checkPermission(Label, Actions);
    const present = policyOf(queue);
    if (present.Statement.some(({ Sid }) => Sid === Label))
      throw invalidValue(Label, 'Label', 'Already exists.');
    const added = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: oneOrAll(AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrAll(Actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    };
    sqs.setAttributes(queue, {
      Policy: JSON.stringify({ ...present, Statement: [...present.Statement, added] }),
    });
    await sqs.committed();
    return undefined;
  },
);

/** With its last statement the policy is gone. */
const removePermission = onQueue(
  'RemovePermission',
  z.object({ Label: z.string() }),
  async ({ sqs, queue, input: { Label } }) => {
    const present = policyOf(queue);
    const kept = present.Statement.filter(({ Sid }) => Sid !== Label);
    if (kept.length === present.Statement.length) throw invalidValue(Label, 'Label', "can't find label.");
    sqs.setAttributes(queue, {
      Policy: kept.length === 0 ? '' : JSON.stringify({ ...present, Statement: kept }),
    });
    await sqs.committed();
    return undefined;
  },
);

const oneOrAll = (values: readonly string[]): string | readonly string[] | undefined =>
  values.length === 1 ? values[0] : values;

export const permissionOperations = { AddPermission: addPermission, RemovePermission: removePermission };
