import { at, listAt, type Replay, type Scripts, textAt } from '../replay.ts';
import { asPython, LambdaSteps } from '../wire/lambda.ts';
import { pause } from './lambda-sqs-steps.ts';

const RAISES = "throw new Error('Test exception (this is intentional)');";

/** What the recorded function answers: its event and its context, by Python's names. */
const ECHO = `
  if (event.raise_error) { ${RAISES} }
  return {
    event,
    context: {
      invoked_function_arn: context.invokedFunctionArn,
      function_version: context.functionVersion,
      function_name: context.functionName,
      memory_limit_in_mb: context.memoryLimitInMB,
      aws_request_id: context.awsRequestId,
      log_group_name: context.logGroupName,
      log_stream_name: context.logStreamName,
      client_context: context.clientContext ?? null,
    },
  };`;

const FAILS = "throw new Error('intentional failure');";

const configured = async (replay: Replay, code: string, config: object) => {
  const lambda = new LambdaSteps(replay);
  const name = await lambda.function(`export const handler = async (event, context) => { ${code} };`);
  const queue = await lambda.sqs.queue();
  const Destination = { Destination: await lambda.sqs.arn(queue) };
  const put = (both: boolean) =>
    lambda.call('PUT', `/2019-09-25/functions/${name}/event-invoke-config`, {
      ...config,
      DestinationConfig: { ...(both && { OnSuccess: Destination }), OnFailure: Destination },
    });
  return { lambda, name, queue, put };
};

const received = async (lambda: LambdaSteps, queue: string, more: object) => {
  const answer = await lambda.sqs.receive(queue, { WaitTimeSeconds: 5, ...more });
  return { ...answer, Messages: listAt(answer, 'Messages').map(asPython) };
};

/** Lets attempts happen, and the minutes between them pass. */
const passMinutes = async (replay: Replay, minutes: number) => {
  for (let minute = 0; minute < minutes; minute += 1) {
    // The first attempt starts a process.
    for (let turn = 0; turn < (minute === 0 ? 12 : 3); turn += 1) await pause();
    await replay.pass(60_000);
  }
};

/** Asynchronous invocations: retries, age, destinations. */
export const destinations: Scripts = {
  test_assess_lambda_destination_invocation: async (replay) => {
    const older = replay.parameters.startsWith('Success');
    const { lambda, name, queue, put } = await configured(
      replay,
      ECHO,
      older ? {} : { MaximumRetryAttempts: 0 },
    );
    replay.note('put_function_event_invoke_config', await put(true));
    await lambda.invokeLater(name, replay.parameters === 'payload1' ? { raise_error: 1 } : {});
    replay.note('receive_message_result', await received(lambda, queue, { MessageAttributeNames: ['All'] }));
  },
  test_lambda_destination_default_retries: async (replay) => {
    const { lambda, name, queue, put } = await configured(replay, ECHO, {});
    replay.note('put_function_event_invoke_config', await put(true));
    await lambda.invokeLater(name, { raise_error: 1 });
    await passMinutes(replay, 4);
    replay.note('receive_message_result', await received(lambda, queue, { MessageAttributeNames: ['All'] }));
  },
  test_retries: async (replay) => {
    const { lambda, name, queue, put } = await configured(replay, FAILS, { MaximumRetryAttempts: 2 });
    await put(false);
    await lambda.invokeLater(name, { message: 'message' });
    await passMinutes(replay, 4);
    await lambda.sqs.receive(queue, { AttributeNames: ['All'], VisibilityTimeout: 0, WaitTimeSeconds: 5 });
    replay.note('queue_destination_payload', await received(lambda, queue, { AttributeNames: ['All'] }));
  },
  test_maxeventage: async (replay) => {
    const config = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 };
    const { lambda, name, queue, put } = await configured(replay, FAILS, config);
    await put(false);
    const failed = async () => {
      const answer = await received(lambda, queue, { AttributeNames: ['All'] });
      const ReceiptHandle = textAt(answer, 'Messages', 0, 'ReceiptHandle');
      await lambda.sqs.call('DeleteMessage', { QueueUrl: queue, ReceiptHandle });
      return at(answer, 'Messages', 0);
    };
    await lambda.invokeLater(name, { message: 'message' });
    await passMinutes(replay, 1);
    replay.note('no_retry_failure_message', await failed());
    const path = `/2019-09-25/functions/${name}/event-invoke-config`;
    await lambda.call('POST', path, { MaximumEventAgeInSeconds: 90, MaximumRetryAttempts: 2 });
    await lambda.invokeLater(name, { message: 'message' });
    await passMinutes(replay, 3);
    replay.note('single_retry_failure_message', await failed());
  },
};
