import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ImageContentType } from '../../lambdas/messages/job-request.ts';
import type { AppConfig } from '../config.ts';
import { ApiDomain } from '../constructs/api-domain.ts';
import { ServiceApi } from '../constructs/service-api.ts';
import { WebAcl } from '../constructs/web-acl.ts';
import type { ActivityStack } from './activity-stack.ts';
import { activityRoutes } from './api/activity-routes.ts';
import { directRoutes } from './api/direct-routes.ts';
import type { Door } from './api/door.ts';
import { editsRoutes } from './api/edits-routes.ts';
import { jobRoutes } from './api/job-routes.ts';
import { newsletterRoutes } from './api/newsletter-routes.ts';
import { thumbnailRoutes } from './api/thumbnail-routes.ts';
import type { EditsStack } from './edits-stack.ts';
import type { FeedbackStack } from './feedback-stack.ts';
import type { ImageWorkerStack } from './image-worker-stack.ts';
import type { NewsletterStack } from './newsletter-stack.ts';
import type { PushStack } from './push-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ImageApiStackProps extends StackProps {
  readonly config: AppConfig;
  readonly storage: StorageStack;
  readonly worker: ImageWorkerStack;
  readonly push: PushStack;
  readonly feedback: FeedbackStack;
  readonly activity: ActivityStack;
  readonly edits: EditsStack;
  readonly newsletter: NewsletterStack;
}

/** The front door: everything that clients may ask for. What happens behind it is in stacks of its own. */
export class ImageApiStack extends Stack {
  readonly api: ServiceApi;

  constructor(scope: Construct, id: string, props: ImageApiStackProps) {
    super(scope, id, props);
    const { config, storage, worker, feedback } = props;
    this.api = new ServiceApi(this, 'Api', {
      ...storage.alarmOptions,
      description: 'Image jobs',
      logRetention: config.functions.logRetention,
      logRemovalPolicy: config.removalPolicy,
      // Named one by one: a wildcard would make every body base64, also those that go straight to a broker.
      restApiProps: { binaryMediaTypes: [...ImageContentType.options] },
    });
    const door: Door = { scope: this, api: this.api, config };
    jobRoutes(door, storage, worker, props.push);
    directRoutes(door, feedback, props.activity);
    activityRoutes(door, props.activity);
    thumbnailRoutes(door);
    editsRoutes(door, props.edits);
    newsletterRoutes(door, props.newsletter);
    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
    if (config.waf) new WebAcl(this, 'WebAcl', { api: this.api });
    if (config.domain) {
      const { target } = new ApiDomain(this, 'Domain', { api: this.api, ...config.domain });
      new CfnOutput(this, 'DomainTarget', { value: target });
    }
  }
}
