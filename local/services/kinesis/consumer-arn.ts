/** Its last part is the time of the registration in seconds (Kinesis API Reference, "Consumer"). */
export const consumerArn = (
  stream: { readonly arn: string },
  { name, createdAt }: { readonly name: string; readonly createdAt: number },
): string => `${stream.arn}/consumer/${name}:${Math.floor(createdAt / 1000)}`;
