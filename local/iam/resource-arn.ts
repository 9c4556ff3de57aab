/**
 * The ARNs under which the policies of a resource may be kept: its own; an object's are its bucket's, those of a
 * function's version or alias the function's, too.
 */
export const policyHoldersOf = (resourceArn: string): string[] => {
  const parts = resourceArn.split(':');
  if (parts[2] === 's3') return [resourceArn.split('/', 1)[0] ?? resourceArn];
  if (parts[2] === 'lambda' && parts.length > 7) return [resourceArn, parts.slice(0, 7).join(':')];
  return [resourceArn];
};
