/** Replaced in the next commit. */
export class EventSourceMappings {}
