import { LAST_CHARACTER, type S3Store, type StoredObject } from './store.ts';

export interface ListOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** Only keys after this one. */
  readonly after: string;
  /** Objects and common prefixes together. */
  readonly max: number;
}

export interface Listing {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: string;
}

const PAGE = 1000;

/** Amazon S3 User Guide, "Organizing objects using prefixes": keys that go on after a delimiter are rolled up. */
export const list = (store: S3Store, { bucket, prefix, delimiter, after, max }: ListOptions): Listing => {
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  if (max === 0) return { objects, commonPrefixes };
  let last = after;
  for (;;) {
    const page = store.objects(bucket, prefix, last, Math.min(PAGE, max + 1));
    if (page.length === 0) return { objects, commonPrefixes };
    for (const object of page) {
      if (objects.length + commonPrefixes.length >= max) return { objects, commonPrefixes, next: last };
      const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (end >= 0) {
        // All that is under this prefix is one entry: the next page begins after it.
        const commonPrefix = object.key.slice(0, end + delimiter.length);
        commonPrefixes.push(commonPrefix);
        last = commonPrefix + LAST_CHARACTER;
        break;
      }
      objects.push(object);
      last = object.key;
    }
  }
};
