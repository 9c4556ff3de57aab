import type { Assembly } from './assembly/assembly.ts';
import { Assets } from './assembly/assets.ts';
import { planDeployment } from './assembly/plan.ts';
import { Exports, StackDeployment } from './assembly/stack-deployment.ts';
import type { Cloud } from './cloud.ts';
import { Fidelity, type FidelityReport } from './fidelity.ts';
import { findType } from './resources/index.ts';

/** By stack, then by output: the format of `cdk deploy --outputs-file`. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Deployment {
  readonly outputs: Outputs;
  readonly fidelity: FidelityReport;
}

/**
 * Deploys all stacks of an assembly. Everything is looked at first: when there is anything that this cloud does not
 * know, one UserError lists it all and nothing is created. Runs again on every start, also over what is there already.
 */
export const deploy = async (cloud: Cloud, assembly: Assembly): Promise<Deployment> => {
  const stacks = planDeployment(assembly, cloud, findType);
  const assets = new Assets(assembly.assets, cloud, cloud.dataDir);
  const exports = new Exports();
  const fidelity = new Fidelity();
  const outputs: Record<string, Record<string, string>> = {};
  for (const planned of stacks) {
    const deployment = new StackDeployment(planned, { cloud, assets, exports, fidelity });
    outputs[planned.stack.name] = await deployment.run();
  }
  // What an earlier run acknowledged goes on only now: its queues, functions and policies are there again.
  cloud.sns.start();
  cloud.faults?.start();
  return { outputs, fidelity: fidelity.report() };
};
