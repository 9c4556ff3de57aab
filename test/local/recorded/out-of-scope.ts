import type { Recording } from './recordings.ts';

export const CONTROL_PLANE =
  "API Gateway's management API: an API comes from a template here, and is not changed by calls";

/** Groups of cases by their test's name, and why this app has no use for them. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /platform_(application|endpoint)|endpoints_of_deleted_app|non_existent_target/,
    'mobile push: this app sends none',
  ],
  [/sms|phone|opt_in|opted_out|list_opted|opt_out/, 'text messages: this app sends none'],
  [/delivery_lambda/, 'delivery status logs in CloudWatch Logs: this app reads none'],
  [/lambda_url_sig|test_confirm_subscription$/, 'function URLs as subscribers: this app has none'],
  [/data_protection_policy/, 'data protection policies: this app has none'],
  [
    /another_region|cross_region|multiple_regions|get_sms_attributes/,
    'several regions: the local cloud is one region',
  ],
];

const elsewhere: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  apigateway: [
    [/vpc_endpoint/, 'private APIs in a VPC: this app has none'],
    [/header_remapping_http/, 'HTTP integrations: this app has none'],
    [
      /documentation|usage_plan_crud|api_key_required|mock_with_path_param|stages|stage_|deployments|put_integration/,
      CONTROL_PLANE,
    ],
  ],
  s3: [
    [/tagging|put_acl|restore_object/, 'tags, ACLs and archives of objects: this app uses none'],
    [/versioned/, 'versions of objects: this app keeps none'],
  ],
  lambda_destinations: [
    [/eventbridge/, 'Amazon EventBridge: this app does not use it'],
    [/test_dead_letter_queue$/, 'the making of functions by calls: a function comes from a template here'],
  ],
  lambda_integration: [
    [/mapping_update/, 'published versions of functions: this app has none'],
    [/empty_provided/, 'custom runtimes: only Node.js runs here'],
  ],
  kinesis: [
    [/cbor/, 'CBOR: the SDK for JavaScript and the AWS CLI speak JSON to Kinesis'],
    [/resource_policy/, 'resource policies of streams: this app shares none between accounts'],
  ],
  sns: reasons,
};

/** Why this app has no use for a recorded case; undefined when it has. */
export const outOfScope = ({ group, test }: Recording): string | undefined =>
  Object.entries(elsewhere)
    .filter(([prefix]) => group.startsWith(prefix))
    .flatMap(([, known]) => known)
    .find(([pattern]) => pattern.test(test))?.[1];
