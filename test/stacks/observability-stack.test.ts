import { type Widget, widgetsOf } from '../../bin/alarms/dashboard.ts';
import { resourcesOf } from '../../bin/alarms/templates.ts';
import { imageApp } from '../../lib/image-app.ts';
import '../support/no-asset-copies.ts';

/** The largest dashboard that there can be. */
const assembly = imageApp({
  context: { target: 'local', stage: 'prod', kafka: true, stream: 'both' },
}).synth();
const [dashboard, ...others] = await resourcesOf(assembly.directory, 'AWS::CloudWatch::Dashboard');
if (!dashboard) throw new Error('there is no dashboard');
const widgets = widgetsOf(dashboard);

const metricsOf = ({ properties: { metrics } }: Widget) => metrics;

const expressions = widgets
  .flatMap(metricsOf)
  .flatMap((line) => line.flatMap((part) => (typeof part === 'string' ? [] : [part.expression ?? ''])))
  .filter((expression) => expression !== '');

/** Amazon CloudWatch API Reference, "MetricDataQuery": what a graph asks for its expressions by. */
const LONGEST_EXPRESSION = 2048;

test('no expression is longer than CloudWatch takes', () => {
  const longest = Math.max(...expressions.map(({ length }) => length));

  expect(others).toEqual([]);
  expect(expressions.length).toBeGreaterThan(5);
  expect(longest).toBeGreaterThan(700);
  expect(longest).toBeLessThanOrEqual(LONGEST_EXPRESSION);
});

/** Amazon CloudWatch User Guide, "CloudWatch service quotas". */
const quotas = { widgets: 500, metricsOfOne: 500, metricsOfAll: 2_500 };

test('the dashboard stays within the quotas of CloudWatch', () => {
  const counts = widgets.map((widget) => metricsOf(widget).length);

  expect(widgets.length).toBeLessThanOrEqual(quotas.widgets);
  expect(Math.max(...counts)).toBeLessThanOrEqual(quotas.metricsOfOne);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(quotas.metricsOfAll);
});

test('what an expression adds up is on the same graph, hidden, under the name that it has there', () => {
  const missing = widgets.flatMap((widget) => {
    const parts = metricsOf(widget).flatMap((line) => line.filter((part) => typeof part !== 'string'));
    const ids = new Set(parts.map(({ id }) => id));
    return parts
      .flatMap(({ expression = '' }) => expression.match(/[a-z]+\d+/g) ?? [])
      .filter((name) => !ids.has(name));
  });

  expect(missing).toEqual([]);
});
