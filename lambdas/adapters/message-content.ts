/** Attributes of a message, as SQS and SNS alike take them; all of them are text. */
export const attributes = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );

/** What a queue gets of an event; its type is repeated as an attribute, so that filters can see it. */
export const messageOf = (event: { readonly type: string }) => ({
  MessageBody: JSON.stringify(event),
  MessageAttributes: attributes({ type: event.type }),
});
