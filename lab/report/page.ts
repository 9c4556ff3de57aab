import { BUSY, type Candidate, type Cell, criteria } from '../cells/cell.ts';
import type { RunResult, Settings } from '../runs/run.ts';
import { plotsOf } from './plots.ts';
import { escaped } from './svg.ts';

export interface Report {
  readonly target: string;
  readonly startedAt: string;
  /** What it ran on: each with its version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly candidates: readonly Candidate[];
  readonly cells: readonly Cell[];
  readonly results: readonly RunResult[];
  /** Somebody ended it before all was asked. */
  readonly interrupted: boolean;
}

/** A page that needs nothing but itself: plots, table, method, versions, and the raw data. */
export const page = (report: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Broker lab</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Broker lab</h1>
${summary(report)}
<h2>What was found</h2>
${table(report)}
<h2>Plots</h2>
<div class="plots">
${plotsOf(report.results)
  .map(
    ({ title, says, svg }) =>
      `<figure><h3>${escaped(title)}</h3>${svg}<figcaption>${escaped(says)}</figcaption></figure>`,
  )
  .join('\n')}
</div>
<h2>Every run</h2>
${runsTable(report.results)}
<h2>Method</h2>
${METHOD}
<h2>Versions</h2>
<dl>${Object.entries(report.versions)
  .map(([name, version]) => `<dt>${escaped(name)}</dt><dd>${escaped(version)}</dd>`)
  .join('')}</dl>
<h2>Raw data</h2>
<p>As JSON in this page, in the element with the id <code>data</code>.</p>
<script type="application/json" id="data">${embedded(report)}</script>
</body>
</html>
`;

const summary = ({ target, startedAt, settings, candidates, results, interrupted }: Report): string => {
  const { messages, rate, size, format, seed } = settings;
  const cut = interrupted ? '<p class="warning">Interrupted: not everything was asked.</p>' : '';
  const emulated = candidates.some((one) => 'emulated' in one && one.emulated)
    ? '<p class="warning">SQS, SNS and Kinesis were imitated by an emulator. What it does is seen; how fast it is says nothing of AWS.</p>'
    : '';
  const busiest = Math.max(0, ...results.map(({ load = 0 }) => load));
  const busy =
    busiest > BUSY
      ? `<p class="warning">This machine was busy, with a load of up to ${busiest} for each core: latencies and throughputs tell of that first, and do not compare brokers.</p>`
      : '';
  const misuse = candidates.some((one) => 'misuse' in one && one.misuse)
    ? '<p class="warning">The brokers were used wrongly on purpose: see the evidence.</p>'
    : '';
  return `<p>Target ${escaped(target)}, ${escaped(startedAt)}: ${messages} messages in each run, ${rate} a second, ${size} bytes of padding, ${format}, seed ${seed}.</p>${cut}${emulated}${busy}${misuse}`;
};

const table = ({ candidates, cells }: Report): string => {
  const head = candidates.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('');
  const rows = criteria.map((criterion) => {
    const own = candidates.map(({ name }) => {
      const cell = cells.find((one) => one.broker === name && one.criterion === criterion);
      if (!cell) return '<td></td>';
      return `<td class="${cell.verdict}"><b>${cell.verdict.replace('-', ' ')}</b> ${escaped(cell.value)}<details><summary>evidence</summary>${escaped(cell.evidence)}</details></td>`;
    });
    return `<tr><th scope="row">${criterion}</th>${own.join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
};

const runsTable = (results: readonly RunResult[]): string => {
  const rows = results.map(
    ({ broker, run, variant = '', ms, seen, notMeasurable }) =>
      `<tr><td>${broker}</td><td>${run}</td><td>${escaped(variant)}</td><td class="right">${(ms / 1_000).toFixed(1)} s</td><td>${escaped(notMeasurable ?? seen)}</td></tr>`,
  );
  return `<div class="wide"><table><thead><tr><th>broker</th><th>scenario</th><th>variant</th><th>took</th><th>seen</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
};

/** Within a script element only its end tag has to be kept out. */
const embedded = (report: Report): string => JSON.stringify(report).replaceAll('<', '\\u003c');

const METHOD = `<ul>
<li>Messages are planned before anything is sent, from the seed, and sent at a fixed rate whatever became of those before (open loop): a slow broker cannot slow the load down and look faster for it. Only messages of one producer and key wait for each other.</li>
<li>Latency counts from the planned time to the first sight in a consumer, which is a process of its own on the same machine and clock. A tenth as many messages go before, warm up and are left out. Percentiles by HdrHistogram, none from so few messages that not one lies above it; what was seen before it was sent, by clocks that differ, is counted and left out. Where the target cannot keep up there is a backlog instead of a latency.</li>
<li>Each message is acknowledged, refused, or of unknown fate. Lost is what was acknowledged and never handled; what a consumer held when it died was not handled. What comes again counts as a redelivery where the broker says so, else as a duplicate. Order is judged at the first handling of each message, by producer and key, and over all keys of a producer, where one was sent after the answer to the other: what was under way at the same time has no order to keep.</li>
<li>"No reordering observed" is what it says: of so many messages, none. It is no guarantee.</li>
<li>Scalability: a backlog lies there before anybody reads; then all consumers begin at once, and it is drained.</li>
<li>A run ends when everything acknowledged was seen, or nothing came for some seconds.</li>
</ul>`;

const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px; padding: 0 1rem; color: #1b1f24; }
h1, h2, h3 { line-height: 1.2; } h3 { margin: 0 0 .3rem; font-size: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; } th, td { border: 1px solid #d0d7de; padding: .4rem .5rem; text-align: left; vertical-align: top; }
thead th, th[scope=row] { background: #f6f8fa; } .right { text-align: right; white-space: nowrap; }
td b { display: block; font-size: 11px; font-weight: 600; letter-spacing: .03em; color: #57606a; }
td.observed b { color: #1a7f37; } td.not-measurable { color: #6e7781; }
details { margin-top: .3rem; color: #57606a; max-width: 40em; } summary { cursor: pointer; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 1.5rem; }
figure { margin: 0; } figcaption { color: #57606a; font-size: 13px; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #424a53; } svg .number { font-size: 10px; }
.grid { stroke: #e5e9ed; } .axis { stroke: #57606a; }
.warning { background: #fff8c5; border: 1px solid #d4a72c; padding: .5rem .8rem; }
dt { font-weight: 600; } dd { margin: 0 0 .3rem; }
`;
