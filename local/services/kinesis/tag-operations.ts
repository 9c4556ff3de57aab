import { z } from 'zod';
import { invalidArgument } from './errors.ts';
import { type Operation, onStream } from './operation.ts';
import type { Stream } from './stream.ts';

const MOST_TAGS = 50;

export const tags = z.record(z.string().min(1).max(128), z.string().max(256));
const tagKeys = z.array(z.string().min(1).max(128)).min(1).max(MOST_TAGS);

/** @throws InvalidArgumentException */
export const checkTagCount = (stream: string, all: z.output<typeof tags>): void => {
  if (Object.keys(all).length > MOST_TAGS)
    throw invalidArgument(`Failed to add tags to stream ${stream}: at most ${MOST_TAGS} tags are allowed.`);
};

const addTags = (stream: Stream, added: z.output<typeof tags>): undefined => {
  const all = { ...stream.state.tags, ...added };
  checkTagCount(stream.name, all);
  stream.change({ tags: all });
  return undefined;
};

const removeTags = (stream: Stream, keys: readonly string[]): undefined => {
  const kept = Object.entries(stream.state.tags).filter(([key]) => !keys.includes(key));
  stream.change({ tags: Object.fromEntries(kept) });
  return undefined;
};

/** In the order of their keys, so that a page can go on after the last one. */
const sorted = (stream: Stream) =>
  Object.entries(stream.state.tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));

/** Kinesis API: "AddTagsToStream", "RemoveTagsFromStream", "ListTagsForStream". */
export const tagOperations: Readonly<Record<string, Operation>> = {
  AddTagsToStream: onStream('AddTagsToStream', z.object({ Tags: tags }), ({ Tags }, { stream }) =>
    addTags(stream, Tags),
  ),
  RemoveTagsFromStream: onStream(
    'RemoveTagsFromStream',
    z.object({ TagKeys: tagKeys }),
    ({ TagKeys }, { stream }) => removeTags(stream, TagKeys),
  ),
  ListTagsForStream: onStream(
    'ListTagsForStream',
    z.object({
      ExclusiveStartTagKey: z.string().default(''),
      Limit: z.number().int().min(1).max(MOST_TAGS).default(MOST_TAGS),
    }),
    ({ ExclusiveStartTagKey, Limit }, { stream }) => {
      const following = sorted(stream).filter(({ Key }) => Key > ExclusiveStartTagKey);
      return { Tags: following.slice(0, Limit), HasMoreTags: following.length > Limit };
    },
  ),
};
