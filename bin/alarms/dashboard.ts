import * as z from 'zod';
import type { Resource } from './templates.ts';

const Rendering = z.object({
  id: z.string().optional(),
  expression: z.string().optional(),
  label: z.string().optional(),
  visible: z.boolean().optional(),
});
const Line = z.array(z.union([z.string(), Rendering]));
const Widget = z.object({
  type: z.enum(['text', 'metric', 'alarm']),
  properties: z.object({
    title: z.string().optional(),
    markdown: z.string().optional(),
    metrics: z.array(Line).default([]),
    alarms: z.array(z.string()).default([]),
  }),
});
const Body = z.object({ widgets: z.array(Widget) });
export type Widget = z.infer<typeof Widget>;

const Joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

/** What stands on a dashboard, as its template says it; names that only a deployment knows are left out. */
export const widgetsOf = (dashboard: Resource): readonly Widget[] => {
  const { DashboardBody } = dashboard.Properties;
  const joined = Joined.safeParse(DashboardBody);
  const parts = joined.success ? joined.data['Fn::Join'][1] : [DashboardBody];
  const text = parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  return Body.parse(JSON.parse(text)).widgets;
};

/** The dashboard as text: its sections, the graphs in them, and the lines of each. */
export const describeDashboard = (widgets: readonly Widget[]): string => {
  const lines = widgets.map(({ type, properties: { title = '', markdown = '', metrics, alarms } }) => {
    if (type === 'text') return `\n${markdown.replace(/^#+ /, '')}`;
    if (type === 'alarm') return `  ${alarms.length} alarms`;
    return `  ${title}: ${linesOf(metrics).join(', ')}`;
  });
  return lines.join('\n').trim();
};

/** What is drawn: a hidden metric is there for an expression only. */
const linesOf = (metrics: Widget['properties']['metrics']): readonly string[] =>
  metrics.flatMap((line) => {
    const rendering = line.find((part) => typeof part !== 'string');
    return rendering?.visible === false ? [] : [rendering?.label ?? line.slice(0, 2).join(' ')];
  });
