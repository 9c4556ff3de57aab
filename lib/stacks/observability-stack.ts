import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, AlarmStatusWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type CustomMetricGroup, DefaultDashboardFactory, MonitoringFacade } from 'cdk-monitoring-constructs';
import type { Construct, IConstruct } from 'constructs';
import { appTag, type BudgetConfig } from '../config.ts';
import { costDrivers } from './dashboard/cost-drivers.ts';
import { find } from './dashboard/find.ts';
import { graphsOf } from './dashboard/graphs.ts';

/** What stands together on the dashboard. */
export interface Section {
  readonly title: string;
  /** Everything beneath these is shown. */
  readonly scopes: readonly IConstruct[];
}

export interface ObservabilityStackProps extends StackProps {
  /** In the order in which a message passes them. */
  readonly sections: readonly Section[];
  /**
   * Who is told when an amount a month is nearly spent.
   * @default - nobody
   */
  readonly budget?: BudgetConfig;
}

/**
 * One dashboard that follows a message through the patterns: from the door to the last consumer, then what it costs.
 *
 * It finds by itself what there is to see: a queue that is added to a section's stack appears. The alarms are made by
 * the constructs that they watch; here they are shown.
 */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { sections, budget, ...props }: ObservabilityStackProps) {
    super(scope, id, props);
    const dashboards = new DefaultDashboardFactory(this, 'Dashboards', {
      dashboardNamePrefix: this.stackName,
      detailDashboardRange: Duration.hours(3),
    });
    const facade = new MonitoringFacade(this, 'Monitoring', { dashboardFactory: dashboards });
    const show = (title: string, metricGroups: CustomMetricGroup[]) =>
      facade.monitorCustom({ humanReadableName: title, alarmFriendlyName: title, metricGroups });
    for (const { title, scopes } of sections) {
      show(title, graphsOf(scopes));
      facade.addWidget(
        new AlarmStatusWidget({
          title: `Alarms: ${title}`,
          alarms: find(scopes, Alarm),
          width: 24,
          height: 3,
        }),
      );
    }
    show('Cost drivers', costDrivers(sections.flatMap(({ scopes }) => scopes)));
    if (budget) this.watchCosts(budget);
    new CfnOutput(this, 'DashboardName', { value: this.stackName });
  }

  /** What carries the tag `app`, once that is activated as a cost allocation tag; AWS tells it some hours late. */
  private watchCosts({ monthlyUsd, email }: BudgetConfig): void {
    const at = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
      notification: {
        comparisonOperator: 'GREATER_THAN',
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:app$${appTag}`] },
      },
      notificationsWithSubscribers: [at(80, 'ACTUAL'), at(100, 'ACTUAL'), at(100, 'FORECASTED')],
    });
  }
}
