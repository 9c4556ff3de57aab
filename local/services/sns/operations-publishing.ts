import { AwsError } from '../../errors.ts';
import type { MessageAttribute } from '../../ports.ts';
import type { Engine, Operation, SnsCall } from './engine.ts';
import { invalidParameter } from './errors.ts';
import type { Topic } from './model.ts';
import { authorizedTopic } from './operations-topics.ts';
import { checkBatch, checkPublication, type Publishing } from './publication.ts';
import type { Query } from './query.ts';
import type { XmlStructure } from './xml.ts';

/** @param path where the attributes stand in the request, as AWS's validation messages call it. */
const attributesOf = (query: Query, path: string): Record<string, MessageAttribute> =>
  Object.fromEntries(
    query.entries('MessageAttributes').map(({ key, value }): [string, MessageAttribute] => {
      const dataType = value.get('DataType');
      const stringValue = value.get('StringValue');
      const binaryValue = value.get('BinaryValue');
      if (dataType === undefined)
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value null at '${path}messageAttributes.${key}.member.dataType' failed to satisfy constraint: Member must not be null`,
        );
      return [
        key,
        {
          dataType,
          ...(stringValue === undefined ? {} : { stringValue }),
          ...(binaryValue === undefined ? {} : { binaryValue: Buffer.from(binaryValue, 'base64') }),
        },
      ];
    }),
  );

const publishingOf = (query: Query, { traceHeader }: SnsCall, path = ''): Publishing => {
  const structure = query.get('MessageStructure');
  if (structure !== undefined && structure !== 'json') throw invalidParameter('MessageStructure');
  const subject = query.get('Subject');
  const groupId = query.get('MessageGroupId');
  const deduplicationId = query.get('MessageDeduplicationId');
  return {
    message: query.get('Message') ?? '',
    attributes: attributesOf(query, path),
    isStructured: structure === 'json',
    ...(subject === undefined ? {} : { subject }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
  };
};

const targetTopic = (engine: Engine, query: Query, call: SnsCall): Topic => {
  if (query.get('PhoneNumber') !== undefined)
    throw invalidParameter('PhoneNumber Reason: the local cloud sends no text messages');
  const targetArn = query.get('TargetArn');
  if (targetArn?.includes(':endpoint/'))
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  const arn = query.get('TopicArn') ?? targetArn;
  if (arn === undefined)
    throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  return authorizedTopic(engine, { arn, action: 'Publish' }, call);
};

/** One entry of a batch: a fault in its own message fails it alone. */
const publishEntry = (engine: Engine, topic: Topic, id: string, publication: Publishing) => {
  try {
    checkPublication(topic, publication);
    const { messageId, sequenceNumber } = engine.publisher.publish(topic, publication);
    return { successful: { Id: id, MessageId: messageId, SequenceNumber: sequenceNumber } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, fault } = error;
    return { failed: { Id: id, Code: code, Message: message, SenderFault: String(fault === 'Sender') } };
  }
};

export const publishingOperations: Readonly<Record<string, Operation>> = {
  Publish: (engine, query, call) => {
    const topic = targetTopic(engine, query, call);
    const publication = publishingOf(query, call);
    checkPublication(topic, publication);
    const { messageId, sequenceNumber } = engine.publisher.publish(topic, publication);
    return { MessageId: messageId, SequenceNumber: sequenceNumber };
  },

  PublishBatch: (engine, query, call) => {
    const topic = authorizedTopic(engine, { arn: query.get('TopicArn'), action: 'Publish' }, call);
    const entries = query.list('PublishBatchRequestEntries').map((entry, index) => ({
      id: entry.get('Id') ?? '',
      ...publishingOf(entry, call, `publishBatchRequestEntries.${index + 1}.member.`),
    }));
    checkBatch(topic, entries);
    const results = entries.map(({ id, ...publication }) => publishEntry(engine, topic, id, publication));
    const successful: XmlStructure[] = results.flatMap((result) => result.successful ?? []);
    const failed: XmlStructure[] = results.flatMap((result) => result.failed ?? []);
    return { Successful: successful, Failed: failed };
  },
};
