/** The other end of the bare server: answers what it was asked. */
process.on('message', ({ id, body }: { id: number; body: string }) => {
  process.send?.({ id, answer: JSON.stringify({ echo: body }) });
});
process.send?.('ready');
