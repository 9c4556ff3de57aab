import { App, type AppProps } from 'aws-cdk-lib';
import { featureFlags } from './feature-flags.ts';
import { checkTemplates } from './policy/check-templates.ts';
import { LabStack } from './stacks/lab-stack.ts';

/**
 * The app of the broker lab: one stack, apart from the example's, ready for `synth()`.
 * @param props where the assembly goes (`outdir`), and `-c target=local` for a template that only this machine sees
 */
export const labApp = (props: Pick<AppProps, 'outdir' | 'context'> = {}): App => {
  const app = new App({
    ...props,
    postCliContext: featureFlags,
    analyticsReporting: false,
    autoSynth: false,
    builtinCloudFormationValidation: false,
  });
  new LabStack(app, 'Lab');
  if (app.node.tryGetContext('target') !== 'local') checkTemplates(app);
  return app;
};
