import { sharpTransformer } from '../adapters/sharp-transformer.ts';
import { thumbnailOperations } from '../domain/thumbnail.ts';
import { preferredFormat, readImage } from '../http/image-exchange.ts';
import { validated } from '../http/request.ts';
import { image } from '../http/response.ts';
import { answeringProblems } from '../http/rest-handler.ts';
import { ThumbnailQuery } from '../messages/thumbnail-query.ts';

/** `POST /v1/thumbnails?width&height&format`: an image in the body, its thumbnail in the answer. */
export const handler = answeringProblems(async (event) => {
  const query = validated(ThumbnailQuery, event.queryStringParameters ?? {}, 'query');
  const operations = thumbnailOperations(query, preferredFormat(event));
  const { data, contentType } = await sharpTransformer.transform(readImage(event), operations);
  return image(data, contentType);
});
