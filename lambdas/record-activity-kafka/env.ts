import * as z from 'zod';

/** What the recorder needs: read by the handler at init and by the stack at synth. */
export const RecordActivityKafkaEnv = z.object({
  /** `host:port[,host:port]` */
  KAFKA_BOOTSTRAP_SERVERS: z.string().min(1),
  KAFKA_TOPIC: z.string().min(1),
  /** How the brokers know who asks: TLS and IAM, or not at all. */
  KAFKA_AUTH: z.enum(['iam', 'none']),
});
