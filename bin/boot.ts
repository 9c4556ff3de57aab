import { spawn } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { readAssembly } from '../local/assembly/assembly.ts';
import { deploy } from '../local/deploy.ts';
import { UserError } from '../local/errors.ts';
import type { FaultPlan } from '../local/faults/plan.ts';
import type { FidelityReport } from '../local/fidelity.ts';
import { type RunningCloud, startCloud } from '../local/start-cloud.ts';
import { OutputsFile } from '../scenarios/app/outputs.ts';

export interface BootOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Where the cloud keeps what must survive a restart. */
  readonly dataDir: string;
  /** A cloud assembly of another app; the example app is synthesized when left out. */
  readonly assembly?: string;
  /** `host:port` of a Kafka broker: then the example app has its Kafka stack, too. */
  readonly kafka?: string;
  /** What goes wrong, once everything is deployed. */
  readonly faults?: FaultPlan;
}

/** The local cloud with an app deployed into it. */
export interface LocalApp {
  readonly running: RunningCloud;
  readonly endpoint: string;
  readonly outputs: OutputsFile;
  readonly outputsFile: string;
  readonly fidelity: FidelityReport;
  readonly synthMs: number;
  /** From the end of synthesis until everything is deployed and answers. */
  readonly readyMs: number;
}

/** Synthesizes the example app for the local target, in a process of its own: the cloud never loads the CDK. */
export const synthesize = async (outdir: string, context: object = {}): Promise<void> => {
  const app = spawn(process.execPath, [resolve(import.meta.dirname, 'app.ts')], {
    cwd: resolve(import.meta.dirname, '..'),
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ target: 'local', ...context }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<number | null>((settle, fail) => app.once('exit', settle).once('error', fail));
  const [complaint, code] = await Promise.all([text(app.stderr), exited]);
  if (code !== 0) throw new UserError(`The app could not be synthesized:\n${complaint.trim()}`);
};

/**
 * Starts the local cloud and deploys an app into it; returns once everything is ready and the outputs file is written.
 * Nothing is left running when it throws.
 */
export const boot = async ({ port, dataDir, assembly, kafka, faults }: BootOptions): Promise<LocalApp> => {
  await mkdir(dataDir, { recursive: true });
  const synthStartedAt = performance.now();
  const outdir = assembly ?? join(resolve(dataDir), 'cdk.out');
  if (assembly === undefined) await synthesize(outdir, { kafka: kafka !== undefined });
  const bootStartedAt = performance.now();

  const running = await startCloud({
    port,
    dataDir,
    ...(kafka !== undefined && { kafka }),
    ...(faults && { faults }),
  });
  try {
    const { outputs, fidelity } = await deploy(running.cloud, await readAssembly(outdir));
    const outputsFile = join(dataDir, 'outputs.json');
    await writeWhole(outputsFile, `${JSON.stringify(outputs, null, 2)}\n`);
    return {
      running,
      endpoint: running.endpoint,
      outputs: OutputsFile.parse(outputs),
      outputsFile,
      fidelity,
      synthMs: Math.round(bootStartedAt - synthStartedAt),
      readyMs: Math.round(performance.now() - bootStartedAt),
    };
  } catch (error) {
    await running.close();
    throw error;
  }
};

/** Nobody who waits for the file ever sees half of it. */
const writeWhole = async (file: string, content: string): Promise<void> => {
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
};
