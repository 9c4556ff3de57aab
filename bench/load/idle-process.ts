/** A cloud with an app deployed into it, alone in a process as `npm start` has it: tells what it takes while nobody asks anything of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { boot } from '../../bin/boot.ts';
import { collectWhenIdle } from '../../bin/idle-memory.ts';

const SETTLE_MS = 10_000;
const IDLE_MS = 10_000;

export interface Idle {
  readonly rssBytes: number;
  /** 1 is one core. */
  readonly cpu: number;
}

const [dataDir, assembly] = process.argv.slice(2);
if (dataDir === undefined || assembly === undefined) throw new Error('which data, which app?');
const { running } = await boot({ port: 0, dataDir, assembly });
collectWhenIdle();
await pause(SETTLE_MS);
const before = process.cpuUsage();
await pause(IDLE_MS);
const { user, system } = process.cpuUsage(before);
process.once('disconnect', () => void running.close().then(() => process.exit(0)));
const idle: Idle = { rssBytes: process.memoryUsage().rss, cpu: (user + system) / 1000 / IDLE_MS };
process.send?.(idle);
