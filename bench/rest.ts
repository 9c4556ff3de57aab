import { findOutput } from '../scenarios/app/outputs.ts';
import { echoAssembly } from './assemblies.ts';
import { startBareServer } from './bare-server.ts';
import { median, ms, type Row, sideBySide } from './measure.ts';
import { withCloud } from './with.ts';

const ROUNDS = 500;
const BAR = 3;

/** What REST to Lambda costs on top of what any server pays that hands its requests to another process. */
export const benchRest = async (dir: string): Promise<Row[]> => {
  const bare = await startBareServer();
  try {
    const samples = await withCloud(await echoAssembly(dir), ({ outputs }) => {
      const url = `${findOutput(outputs, 'ApiUrl')}echo`;
      return sideBySide(
        ROUNDS,
        () => post(url),
        () => post(bare.url),
      );
    });
    const [ours, theirs] = [median(samples.a), median(samples.b)];
    return [
      {
        what: 'REST -> Lambda, warm, p50',
        measured: ms(ours),
        against: `${ms(theirs)} bare server and forked process: ${(ours / theirs).toFixed(2)}x`,
        bar: `<= ${BAR}x`,
        held: ours <= BAR * theirs,
      },
    ];
  } finally {
    await bare.close();
  }
};

const post = async (url: string): Promise<void> => {
  const response = await fetch(url, { method: 'POST', body: '{"hello":"world"}' });
  const text = await response.text();
  if (!response.ok || !text.includes('hello')) throw new Error(`${url}: HTTP ${response.status} ${text}`);
};
