/** `image/png` of `Image/PNG; q=0.8`; without a header API Gateway takes `application/json`. */
export const mediaTypeOf = (header: string | undefined): string =>
  header?.split(',')[0]?.split(';')[0]?.trim().toLowerCase() || 'application/json';

/** Whether the first media type of a header is one of the API's binary media types. */
export const isBinary = (binaryMediaTypes: readonly string[], header: string | undefined): boolean => {
  if (binaryMediaTypes.length === 0) return false;
  const type = mediaTypeOf(header);
  return binaryMediaTypes.some((binary) => binary === '*/*' || binary.toLowerCase() === type);
};
