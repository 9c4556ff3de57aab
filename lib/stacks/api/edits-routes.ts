import { ListEditsEnv } from '../../../lambdas/list-edits/env.ts';
import { EditRequestOutline } from '../../../lambdas/messages/edit-request.ts';
import { RequestEditEnv } from '../../../lambdas/request-edit/env.ts';
import { RestEndpoint } from '../../constructs/rest-endpoint.ts';
import type { EditsStack } from '../edits-stack.ts';
import { bindTable } from '../job-table.ts';
import { answering, type Door } from './door.ts';

/** Ordered queue: edits are accepted at once, and listed in the order in which they were applied. */
export const editsRoutes = (door: Door, edits: EditsStack): void => {
  const { scope, api } = door;
  const path = '/v1/images/{imageId}/edits';

  const requestEdit = answering(
    door,
    'RequestEdit',
    'request-edit',
    'Takes an edit of an image',
    RequestEditEnv,
  );
  edits.queue.sendFrom(requestEdit, 'EDITS_QUEUE_URL');
  new RestEndpoint(scope, 'PostEdit', {
    api,
    method: 'POST',
    path,
    handler: requestEdit,
    body: EditRequestOutline,
  });

  const listEdits = answering(door, 'ListEdits', 'list-edits', 'Lists the edits of an image', ListEditsEnv);
  bindTable(listEdits, 'EDITS_TABLE', edits.table, ['dynamodb:Query']);
  new RestEndpoint(scope, 'GetEdits', { api, method: 'GET', path, handler: listEdits });
};
