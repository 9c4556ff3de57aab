import { GUARDED, GUARDED_PROTOCOL, type GuardedListener } from './guarded-listener.ts';

/** Where a broker listens on 127.0.0.1, and where its log is. */
export interface Place {
  readonly port: number;
  readonly controllerPort: number;
  readonly logDirectory: string;
  /** A second way in. */
  readonly guarded?: GuardedListener | undefined;
}

/**
 * The configuration of one node that is broker and controller (Apache Kafka documentation, "KRaft", "Broker Configs"),
 * small enough to start in two seconds beside everything else on a laptop.
 */
export const serverProperties = ({ port, controllerPort, logDirectory, guarded }: Place): string => {
  const second = guarded ? `,${GUARDED}://127.0.0.1:${guarded.port}` : '';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${second}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${second}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${guarded ? `,${GUARDED}:${GUARDED_PROTOCOL}` : ''}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDirectory.replaceAll('\\', '/'),
    // A topic that nobody made is an error, as on Amazon MSK.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The first member of a group need not wait for others: nobody starts a hundred of them here.
    'group.initial.rebalance.delay.ms': 0,
    // A broker that comes back after a crash is let in when its old session has ended.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 2000,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    ...guarded?.properties,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
};
