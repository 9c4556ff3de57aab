import { integrations } from './cases/api-gateway.ts';
import { functionIntegrations } from './cases/api-gateway-functions.ts';
import { headerFields } from './cases/api-gateway-headers.ts';
import { mappingTemplates } from './cases/api-gateway-templates.ts';
import { requestValidation } from './cases/api-gateway-validation.ts';
import { streams } from './cases/kinesis.ts';
import { destinations } from './cases/lambda-destinations.ts';
import { streamMappings } from './cases/lambda-kinesis.ts';
import { queueMappings } from './cases/lambda-sqs.ts';
import { queueFailures } from './cases/lambda-sqs-failures.ts';
import { bucketNotifications } from './cases/s3-notifications.ts';
import { bodyFilters } from './cases/sns-body-filters.ts';
import { fifoTopics } from './cases/sns-fifo.ts';
import { filterPolicies } from './cases/sns-filter-policies.ts';
import { filterPolicyRefusals } from './cases/sns-filter-policy-refusals.ts';
import { pushedSubscriptions } from './cases/sns-functions.ts';
import { publishing } from './cases/sns-publishing.ts';
import { queueSubscriptions } from './cases/sns-queue-subscriptions.ts';
import { subscriptions } from './cases/sns-subscriptions.ts';
import { topics } from './cases/sns-topics.ts';
import { queueAttributes } from './cases/sqs-attributes.ts';
import { fifoQueues } from './cases/sqs-fifo.ts';
import { moveTasks } from './cases/sqs-move-tasks.ts';
import { standardQueues } from './cases/sqs-standard.ts';
import type { Scripts } from './replay.ts';

/** The steps of every recorded case that concerns this app, by the name of its test. */
export const scripts: Scripts = {
  ...standardQueues,
  ...fifoQueues,
  ...queueAttributes,
  ...moveTasks,
  ...topics,
  ...publishing,
  ...subscriptions,
  ...queueSubscriptions,
  ...fifoTopics,
  ...filterPolicies,
  ...bodyFilters,
  ...filterPolicyRefusals,
  ...streams,
  ...queueMappings,
  ...queueFailures,
  ...streamMappings,
  ...destinations,
  ...bucketNotifications,
  ...integrations,
  ...functionIntegrations,
  ...requestValidation,
  ...mappingTemplates,
  ...headerFields,
  ...pushedSubscriptions,
};

const STALE_HANDLE =
  'a message is deleted only by its latest receipt handle: AWS documents that it may ignore an older one ("DeleteMessage"), and did not here';

const NAMED =
  'the message also names the grant that the destination lacks: here a missing grant is always named';

/** Why a difference is meant, by the name of the test. */
export const meant: Readonly<Record<string, string>> = {
  test_filter_policy: STALE_HANDLE,
  test_exists_filter_policy: STALE_HANDLE,
  test_invalid_sqs_arn: NAMED,
  test_multiple_invalid_sqs_arns: NAMED,
  test_object_created_put_with_presigned_url_upload:
    'its last step is in another region: the local cloud is one region; the first one matches',
  test_subscribe_external_http_endpoint_content_type:
    'AWS counts a pending subscription only after a while: here it counts at once',
  test_delete_subscriptions_on_delete_topic:
    'AWS shows a subscription for a while after its topic is gone: here it is gone at once',
  test_kinesis_maximum_record_age_exceeded:
    'how often a record is tried within its age is timing: one attempt more here',
  test_move_task_cancel: 'AWS went on moving for a while after the cancellation: timing',
};
