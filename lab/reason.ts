/** Why something failed, in one line. The SDK gives a connection that is refused on every address an empty message. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'no answer';
  if (message === '') return `${error.name}: ${code}`;
  return error.name === 'Error' ? message : `${error.name}: ${message}`;
};
