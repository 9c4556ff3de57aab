/** The CDK app of the broker lab: one stack, apart from the example's. */
import { App } from 'aws-cdk-lib';
import { featureFlags } from '../lib/feature-flags.ts';
import { LabStack } from '../lib/stacks/lab-stack.ts';

const app = new App({ postCliContext: featureFlags, analyticsReporting: false, autoSynth: false });
new LabStack(app, 'Lab');
app.synth();
