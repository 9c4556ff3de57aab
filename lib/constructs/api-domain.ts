import { DomainName, EndpointType, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { ServiceApi } from './service-api.ts';

export interface ApiDomainProps {
  readonly api: ServiceApi;
  readonly domainName: string;
  /** Of the same region as the API. */
  readonly certificateArn: string;
  /**
   * The zone of Route 53 that gets the record.
   * @default - no record: it is made by hand, to `target`
   */
  readonly hostedZoneId?: string;
}

/**
 * A name of its own for an API. The name takes the place of the whole API, stage included: `https://name/v1/jobs`.
 *
 * @example
 * new ApiDomain(this, 'Domain', { api, domainName: 'images.example.com', certificateArn });
 */
export class ApiDomain extends Construct {
  readonly domain: DomainName;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const { api, domainName, certificateArn, hostedZoneId } = props;
    this.domain = new DomainName(this, 'Name', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    this.domain.addBasePathMapping(api.restApi, { stage: api.restApi.deploymentStage });
    if (hostedZoneId === undefined) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId,
      zoneName: domainName.split('.').slice(1).join('.'),
    });
    new ARecord(this, 'Record', {
      zone,
      recordName: domainName,
      target: RecordTarget.fromAlias(new ApiGatewayDomain(this.domain)),
    });
  }

  /** What a record made by hand points to. */
  get target(): string {
    return this.domain.domainNameAliasDomainName;
  }
}
