import { AwsError } from '../../errors.ts';

export const invalidParameter = (reason: string): AwsError =>
  new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);

export const topicNotFound = (): AwsError => new AwsError('NotFound', 'Topic does not exist', 404);

export const subscriptionNotFound = (): AwsError =>
  new AwsError('NotFound', 'Subscription does not exist', 404);

/** Throws the answer that AWS gives for a text which is too short to be an ARN. */
export const checkArnShape = (arn: string, parameter: string): readonly string[] => {
  const elements = arn.split(':');
  if (elements.length < 6)
    throw invalidParameter(
      `${parameter} Reason: An ARN must have at least 6 elements, not ${elements.length}`,
    );
  return elements;
};
