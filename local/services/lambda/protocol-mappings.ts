import { z } from 'zod';
import { type Operation, parseBody } from './protocol-operation.ts';
import type { Lambda } from './service.ts';

const createMapping = z.looseObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

const updateMapping = z.looseObject({
  FunctionName: z.string().optional(),
  Enabled: z.boolean().optional(),
});

const path = /^\/2015-03-31\/event-source-mappings\/([^/]+)$/;
const collectionPath = /^\/2015-03-31\/event-source-mappings\/?$/;

/** Event source mappings: `Enabled` false and true stops and starts the consumers of a source. */
export const mappingOperations = (lambda: Lambda): Operation[] => [
  {
    method: 'POST',
    path: collectionPath,
    run: ({ call, body }) => {
      call.authorize('lambda:CreateEventSourceMapping', '*');
      const { FunctionName, EventSourceArn, Enabled, Tags: _, ...settings } = parseBody(createMapping, body);
      const definition = { functionName: FunctionName, eventSourceArn: EventSourceArn, settings };
      const created = { ...definition, ...(Enabled !== undefined && { enabled: Enabled }) };
      return { status: 202, body: lambda.eventSourceMappings.create(created) };
    },
  },
  {
    method: 'GET',
    path: collectionPath,
    run: ({ call, query }) => {
      call.authorize('lambda:ListEventSourceMappings', '*');
      const functionName = query.get('FunctionName');
      const eventSourceArn = query.get('EventSourceArn');
      const filter = { ...(functionName && { functionName }), ...(eventSourceArn && { eventSourceArn }) };
      return { status: 200, body: { EventSourceMappings: lambda.eventSourceMappings.list(filter) } };
    },
  },
  {
    method: 'GET',
    path,
    run: ({ call, reference }) => {
      const mapping = lambda.eventSourceMappings.get(reference);
      call.authorize('lambda:GetEventSourceMapping', mapping.EventSourceMappingArn);
      return { status: 200, body: mapping };
    },
  },
  {
    method: 'PUT',
    path,
    run: ({ call, reference, body }) => {
      const mapping = lambda.eventSourceMappings.get(reference);
      call.authorize('lambda:UpdateEventSourceMapping', mapping.EventSourceMappingArn);
      const { FunctionName, Enabled, ...settings } = parseBody(updateMapping, body);
      const changed = lambda.eventSourceMappings.update(reference, {
        settings,
        ...(FunctionName !== undefined && { functionName: FunctionName }),
        ...(Enabled !== undefined && { enabled: Enabled }),
      });
      return { status: 202, body: changed };
    },
  },
  {
    method: 'DELETE',
    path,
    run: ({ call, reference }) => {
      const mapping = lambda.eventSourceMappings.get(reference);
      call.authorize('lambda:DeleteEventSourceMapping', mapping.EventSourceMappingArn);
      return { status: 202, body: lambda.eventSourceMappings.delete(reference) };
    },
  },
];
