import { readEnv } from '../adapters/environment.ts';
import { sqsEditQueue } from '../adapters/sqs-edit-queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { requestEdit } from '../domain/request-edit.ts';
import { validated } from '../http/request.ts';
import { json, RETRY_SOON } from '../http/response.ts';
import { restHandler } from '../http/rest-handler.ts';
import { ImageId } from '../messages/edit-messages.ts';
import { EditRequest, IdempotencyKey } from '../messages/edit-request.ts';
import { RequestEditEnv } from './env.ts';

const env = readEnv(RequestEditEnv);
const ports = { queue: sqsEditQueue(env.EDITS_QUEUE_URL), clock: systemClock };

/** `POST /v1/images/{imageId}/edits`: 202 with the edit's id, and where it will be found once it is applied. */
export const handler = restHandler(
  EditRequest,
  async ({ body: operation, parameter, header, path: location, trace }) => {
    const imageId = validated(ImageId, parameter('imageId'), 'imageId');
    const idempotencyKey = validated(IdempotencyKey, header('idempotency-key'), 'Idempotency-Key');
    const editId = await requestEdit({ imageId, operation, idempotencyKey }, trace, ports);
    return json(202, { editId, imageId, operation, links: { edits: location } }, { location, ...RETRY_SOON });
  },
);
