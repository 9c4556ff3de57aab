/** The module `cfn-response` that inline code finds in its runtime (CloudFormation User Guide, "cfn-response module"). */

export const SUCCESS = 'SUCCESS';
export const FAILED = 'FAILED';

interface LifecycleEvent {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

interface Context {
  readonly logStreamName: string;
  done(error?: unknown): void;
}

/** Answers for the custom resource, and ends the invocation. */
export const send = async (
  event: LifecycleEvent,
  context: Context,
  status: string,
  data?: unknown,
  physicalResourceId?: string,
  noEcho?: boolean,
): Promise<void> => {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: status,
    Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    ...{ StackId, RequestId, LogicalResourceId },
    NoEcho: noEcho || false,
    Data: data,
  });
  try {
    await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
    context.done();
  } catch (error) {
    console.log('send(..) failed executing fetch(..):', error);
    context.done(error);
  }
};

export default { SUCCESS, FAILED, send };
