import { join } from 'node:path';
import { z } from 'zod';
import { imageAssembly } from './assemblies.ts';
import { forkScript } from './load/load.ts';
import type { Row } from './measure.ts';

const BAR_MB = 150;
const BAR_CPU = 0.01;

const Idle = z.object({ rssBytes: z.number(), cpu: z.number() });

/** What the cloud takes with the whole example deployed, over ten seconds in which nothing happens. */
export const benchIdle = async (dir: string): Promise<Row[]> => {
  const server = await forkScript('idle-process.ts', join(dir, 'idle'), await imageAssembly(dir));
  await server.close();
  const { rssBytes, cpu } = Idle.parse(server.ready);
  const megabytes = rssBytes / 1e6;
  return [
    {
      what: 'idle cloud with the example deployed, memory',
      measured: `${megabytes.toFixed(0)} MB`,
      against: '',
      bar: `< ${BAR_MB} MB`,
      held: megabytes < BAR_MB,
    },
    {
      what: 'idle cloud with the example deployed, CPU over 10 s',
      measured: `${(cpu * 100).toFixed(2)} %`,
      against: '',
      bar: `<= ${BAR_CPU * 100} %`,
      held: cpu <= BAR_CPU,
    },
  ];
};
