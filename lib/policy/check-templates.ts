import { type App, CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { MessagingRules } from './messaging-rules.ts';

/** Lets the rule packs and the validation of CloudFormation judge every template of an app when it is synthesized. */
export const checkTemplates = (app: App): void => {
  const templates = new CloudFormationValidatePlugin();
  Validations.of(app).addPlugins(
    { name: templates.name, validate: (context) => templates.validate(context) },
    new AwsSolutionsChecks(app, { verbose: true }),
    new MessagingRules(app, { verbose: true }),
  );
};
