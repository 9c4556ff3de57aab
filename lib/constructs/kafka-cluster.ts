import { Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  CfnSecurityGroupEgress,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export interface KafkaClusterProps {
  /** Unique in the account and region: the metrics are named by it. */
  readonly clusterName: string;
  /**
   * The Apache Kafka version, as Amazon MSK names it. It must be a KRaft version.
   * @default 3.9.x.kraft
   */
  readonly kafkaVersion?: string;
  /** @default kafka.t3.small, the smallest */
  readonly instanceType?: string;
  /**
   * GiB of each of the two brokers.
   * @default 10
   */
  readonly volumeSize?: number;
  /** @default RetentionDays.ONE_WEEK */
  readonly logRetention?: RetentionDays;
  /** @default RemovalPolicy.RETAIN */
  readonly logRemovalPolicy?: RemovalPolicy;
}

/**
 * Apache Kafka on Amazon MSK, two brokers in two zones, reachable from nowhere but its own security group.
 *
 * What it adds to `aws-msk.CfnCluster`, and why:
 * - IAM over TLS is the only way in: who may do what with a topic stands in the same roles as everything else;
 * - a VPC without a way to the internet, whose only endpoint is the one that what was given up goes to S3 through;
 * - encryption at rest and between brokers, broker logs, flow logs of what was refused;
 * - KRaft: no ZooKeeper to pay or to patch.
 *
 * It costs by the broker hour, the GiB month and the event poller hour, also while nothing happens.
 *
 * @example
 * const cluster = new KafkaCluster(this, 'Cluster', { clusterName: 'activity' });
 * const activity = new KafkaTopic(this, 'Activity', { cluster });
 */
export class KafkaCluster extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;
  readonly cluster: CfnCluster;
  readonly clusterName: string;
  /** Where clients connect first: TLS and IAM. */
  readonly bootstrapServers: string;
  /** Of what asks AWS while the stack is deployed: a function makes a log group that nobody deletes, unless it has one. */
  private readonly lookUpLogs: LogGroup;

  constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const logs = {
      retention: props.logRetention ?? RetentionDays.ONE_WEEK,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.RETAIN,
    };
    this.clusterName = props.clusterName;
    this.lookUpLogs = new LogGroup(this, 'LookUpLogs', logs);
    this.vpc = this.isolatedVpc(new LogGroup(this, 'FlowLogs', logs));
    this.securityGroup = this.closedGroup();
    this.cluster = this.createCluster(props, new LogGroup(this, 'BrokerLogs', logs));
    this.bootstrapServers = this.lookUpBootstrapServers();
  }

  /** Subnets, security group and cluster name for a function that connects to the brokers. */
  get network() {
    return {
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [this.securityGroup],
    };
  }

  /** The ARN of something in the cluster: `topic`, `group` or `transactional-id` (MSK guide, "IAM access control"). */
  arnOf(kind: 'topic' | 'group', name: string): string {
    return Fn.join('', [Fn.join(`:${kind}/`, Fn.split(':cluster/', this.cluster.attrArn, 2)), `/${name}`]);
  }

  /** Lets `fn` have network interfaces in the VPC: Lambda makes them with the function's role. */
  attach(fn: ServiceFunction): void {
    fn.allow({ actions: interfaceActions, resources: ['*'] });
    const reason = 'Network interfaces are made at run time, and to describe knows no resources';
    Validations.of(fn.role).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason },
      ...interfaceActions.map((action) => ({ id: `Messaging-NoWildcardResource[${action}]`, reason })),
    );
  }

  private isolatedVpc(flowLogs: LogGroup): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.42.0.0/24'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Brokers', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      flowLogs: {
        Refused: {
          destination: FlowLogDestination.toCloudWatchLogs(flowLogs),
          trafficType: FlowLogTrafficType.REJECT,
        },
      },
    });
    // The class says `undefined` of a property that its own interface leaves out.
    return vpc as IVpc;
  }

  /** Its members reach each other and Amazon S3, nothing else, and nobody else reaches them. */
  private closedGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'Members', {
      vpc: this.vpc,
      description: 'Brokers of the cluster and those who may connect to them',
      allowAllOutbound: false,
    });
    group.connections.allowInternally(Port.allTcp(), 'brokers, producers and event pollers');
    new CfnSecurityGroupEgress(this, 'ToS3', {
      groupId: group.securityGroupId,
      description: 'what consumers gave up goes to its bucket',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      destinationPrefixListId: this.lookUpS3PrefixList(),
    });
    return group;
  }

  private createCluster(props: KafkaClusterProps, brokerLogs: LogGroup): CfnCluster {
    const { subnetIds } = this.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED });
    return new CfnCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      kafkaVersion: props.kafkaVersion ?? '3.9.x.kraft',
      numberOfBrokerNodes: 2,
      brokerNodeGroupInfo: {
        clientSubnets: subnetIds,
        instanceType: props.instanceType ?? 'kafka.t3.small',
        securityGroups: [this.securityGroup.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: props.volumeSize ?? 10 } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
      loggingInfo: {
        brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: brokerLogs.logGroupName } },
      },
    });
  }

  /** CloudFormation does not say where the brokers are: Amazon MSK is asked once, when the cluster is made. */
  private lookUpBootstrapServers(): string {
    const lookup = new AwsCustomResource(this, 'BootstrapServers', {
      onUpdate: {
        service: 'Kafka',
        action: 'getBootstrapBrokers',
        parameters: { ClusterArn: this.cluster.attrArn },
        outputPaths: ['BootstrapBrokerStringSaslIam'],
        physicalResourceId: PhysicalResourceId.of(this.clusterName),
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['kafka:GetBootstrapBrokers'], resources: [this.cluster.attrArn] }),
      ]),
      installLatestAwsSdk: false,
      logGroup: this.lookUpLogs,
    });
    acknowledgeProvider(this);
    return lookup.getResponseField('BootstrapBrokerStringSaslIam');
  }

  /** The addresses of Amazon S3 in this region, by the name under which they are kept up to date. */
  private lookUpS3PrefixList(): string {
    const lookup = new AwsCustomResource(this, 'S3PrefixList', {
      onUpdate: {
        service: 'EC2',
        action: 'describeManagedPrefixLists',
        parameters: {
          Filters: [{ Name: 'prefix-list-name', Values: [`com.amazonaws.${Stack.of(this).region}.s3`] }],
        },
        outputPaths: ['PrefixLists.0.PrefixListId'],
        physicalResourceId: PhysicalResourceId.of('s3-prefix-list'),
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ec2:DescribeManagedPrefixLists'], resources: ['*'] }),
      ]),
      installLatestAwsSdk: false,
      logGroup: this.lookUpLogs,
    });
    const reason = 'To describe prefix lists knows no resources';
    Validations.of(lookup).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason },
      { id: 'Messaging-NoWildcardResource[ec2:DescribeManagedPrefixLists]', reason },
    );
    return lookup.getResponseField('PrefixLists.0.PrefixListId');
  }
}

/** AWS Lambda guide, "Configuring Lambda permissions for Amazon MSK event source mappings". */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/** The CDK's own function that asks AWS at deployment: one for all such questions of a stack. */
const acknowledgeProvider = (scope: Construct): void => {
  const reason = "The CDK's provider, which runs at deployment only";
  const provider = Stack.of(scope).node.children.find(({ node }) =>
    node.id.startsWith('AWS679f53fac002430cb0da5b7982bd2287'),
  );
  if (!provider) throw new Error(`${scope.node.path} has no provider of AwsCustomResource`);
  Validations.of(provider).acknowledge(
    { id: 'AwsSolutions-L1', reason },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason,
    },
  );
};
