/** A Kafka broker that the local cloud can use. */
export interface Broker {
  /** `host:port[,host:port]`: what a client connects to first. */
  readonly bootstrapServers: string;
  /** Which one was found, and how, for a person to read. */
  readonly origin: string;
  /** Ends it, when it was started here. A broker that was there before is left alone. */
  stop(): Promise<void>;
  /** Only a broker that was started here can be made to fail. */
  readonly outage?: Outage;
  /** A second way in, if one was asked for: TLS with a certificate of its own (a file in PEM), and tokens. */
  readonly guarded?: { readonly bootstrapServers: string; readonly certificate: string } | undefined;
}

/** How to take a broker away without a warning, and how to bring it back on its log. */
export interface Outage {
  /** SIGKILL: the broker has no time to write or to say anything. */
  kill(): Promise<void>;
  /** Resolves when it takes requests again. */
  restart(): Promise<void>;
}
