import { App, type AppProps, CrossStackReferences, Tags } from 'aws-cdk-lib';
import { appTag, readConfig } from './config.ts';
import { featureFlags } from './feature-flags.ts';
import { checkTemplates } from './policy/check-templates.ts';
import { ActivityStack } from './stacks/activity-stack.ts';
import { EditsStack } from './stacks/edits-stack.ts';
import { FeedbackStack } from './stacks/feedback-stack.ts';
import { ImageApiStack } from './stacks/image-api-stack.ts';
import { ImageWorkerStack } from './stacks/image-worker-stack.ts';
import { KafkaStack } from './stacks/kafka-stack.ts';
import { NewsletterStack } from './stacks/newsletter-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { protectData } from './stacks/protect-data.ts';
import { PushStack } from './stacks/push-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';

/**
 * The whole app, ready for `synth()`.
 *
 * @param props where the assembly goes (`outdir`) and what `-c key=value` says (`context`). The toolkit says both
 *   by `CDK_OUTDIR` and `CDK_CONTEXT_JSON` in the environment, and so may anybody else who runs `bin/app.ts`.
 * @throws {ConfigError} when the context is wrong
 */
export const imageApp = (props: Pick<AppProps, 'outdir' | 'context'> = {}): App => {
  const app = new App({
    ...props,
    postCliContext: featureFlags,
    analyticsReporting: false,
    autoSynth: false,
    // Validation takes longer than everything else together: it runs where the templates are on their way to AWS.
    builtinCloudFormationValidation: false,
  });
  const settings = readConfig(app.node.getAllContext());
  CrossStackReferences.of(app).consume(settings.references);
  const stackNamed = (name: string) => ({ stackName: `${name}-${settings.stage}` });

  const storage = new StorageStack(app, 'Storage', { ...stackNamed('Storage'), config: settings });
  const config = { ...settings, functions: { ...settings.functions, ...storage.alarmOptions } };
  const named = (name: string) => ({ ...stackNamed(name), config });
  const worker = new ImageWorkerStack(app, 'ImageWorker', { ...named('ImageWorker'), storage });
  const feedback = new FeedbackStack(app, 'Feedback', { ...named('Feedback'), alarms: storage.alarmOptions });
  const edits = new EditsStack(app, 'Edits', { ...named('Edits'), alarms: storage.alarmOptions });
  const newsletter = new NewsletterStack(app, 'Newsletter', {
    ...named('Newsletter'),
    alarms: storage.alarmOptions,
  });
  const topics = [worker.jobEvents, edits.events, newsletter.newsletters];
  const activity = new ActivityStack(app, 'Activity', { ...named('Activity'), storage, topics });
  const push = new PushStack(app, 'Push', { ...named('Push'), storage, worker });
  const api = new ImageApiStack(app, 'ImageApi', {
    ...named('ImageApi'),
    storage,
    push,
    worker,
    feedback,
    activity,
    edits,
    newsletter,
  });
  const kafka = config.kafka
    ? [new KafkaStack(app, 'Kafka', { ...named('Kafka'), storage, topics, activity })]
    : [];
  new ObservabilityStack(app, 'Observability', {
    ...stackNamed('Observability'),
    ...(config.budget && { budget: config.budget }),
    sections: [
      { title: 'The front door: request/response', scopes: [api] },
      { title: 'Image jobs: queues and a topic', scopes: [storage, worker] },
      { title: 'Pushes and webhooks: one-way notification', scopes: [push] },
      { title: 'Edits: an ordered queue', scopes: [edits] },
      { title: 'Newsletters: a topic', scopes: [newsletter] },
      { title: 'Feedback: direct integration', scopes: [feedback] },
      { title: 'Activity: a stream', scopes: [activity] },
      ...kafka.map((stack) => ({ title: 'Activity: a log', scopes: [stack] })),
    ],
  });
  if (config.terminationProtection) protectData(app);
  Tags.of(app).add('app', appTag);
  Tags.of(app).add('stage', config.stage);
  if (config.checkPolicy) checkTemplates(app);
  return app;
};
