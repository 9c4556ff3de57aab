import { createHash, randomUUID } from 'node:crypto';
import type { Foundation } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { EventSource, MappingDefinition, MappingIdentity, Poller, PollTarget } from './event-source.ts';

type State = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** A mapping as `GetEventSourceMapping` shows it. */
export interface MappingDescription {
  readonly UUID: string;
  readonly EventSourceMappingArn: string;
  readonly EventSourceArn: string;
  readonly FunctionArn: string;
  readonly State: State;
  readonly StateTransitionReason: string;
  /** Seconds since the epoch. */
  readonly LastModified: number;
  readonly [setting: string]: unknown;
}

export interface MappingChanges {
  readonly functionName?: string;
  readonly enabled?: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Mapping extends MappingIdentity {
  readonly source: EventSource;
  raw: Readonly<Record<string, unknown>>;
  settings: unknown;
  target: PollTarget;
  functionName: string;
  state: State;
  poller: Poller | undefined;
  lastModified: number;
}

/**
 * The same function, source and starting position give the same id on every start: what a poller keeps under it is found
 * again. Where one of them changes, CloudFormation replaces the mapping (`AWS::Lambda::EventSourceMapping`).
 */
const stableUuid = (functionArn: string, { eventSourceArn, settings }: MappingDefinition): string =>
  createHash('sha256')
    .update([functionArn, eventSourceArn, ...beginning(settings)].join(' '))
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-a$4-$5');

const beginning = ({ StartingPosition, StartingPositionTimestamp }: MappingDefinition['settings']) =>
  [StartingPosition, StartingPositionTimestamp].filter((given) => given !== undefined);

/** All event source mappings, whatever their source. Lambda's API and templates both come here. */
export class EventSourceMappings {
  readonly #foundation: Foundation;
  readonly #targetOf: (functionReference: string) => PollTarget;
  readonly #sources = new Map<string, EventSource>();
  readonly #mappings = new Map<string, Mapping>();
  /** The ids of mappings that were deleted. */
  readonly #deleted = new Set<string>();
  /** What still ends of pollers that were stopped. */
  readonly #ending = new Set<Promise<void>>();

  constructor(foundation: Foundation, targetOf: (functionReference: string) => PollTarget) {
    this.#foundation = foundation;
    this.#targetOf = targetOf;
  }

  /** @param service the third part of the source's ARN: `sqs`, `kinesis`. */
  register(service: string, source: EventSource): void {
    this.#sources.set(service, source);
  }

  /** Throws AwsError InvalidParameterValueException, ResourceConflictException. */
  create(definition: MappingDefinition): MappingDescription {
    const mapping = this.#prepare(definition);
    const present = this.#alike(mapping);
    if (present) refuseDuplicate({ ...mapping, uuid: present.uuid });
    return this.#add(mapping, definition.enabled ?? true);
  }

  /** As `create`; a mapping that is there already takes the definition over. */
  ensure(definition: MappingDefinition): MappingDescription {
    const mapping = this.#prepare(definition);
    const present = this.#alike(mapping);
    void this.#end(present?.poller);
    if (present) this.#mappings.delete(present.uuid);
    return this.#add(mapping, definition.enabled ?? true);
  }

  get(uuid: string): MappingDescription {
    return this.#describe(this.#find(uuid));
  }

  list(filter: { readonly functionName?: string; readonly eventSourceArn?: string }): MappingDescription[] {
    const functionArn = filter.functionName && this.#targetOf(filter.functionName).functionArn;
    return [...this.#mappings.values()]
      .filter(({ target }) => !functionArn || target.functionArn === functionArn)
      .filter(({ eventSourceArn }) => !filter.eventSourceArn || eventSourceArn === filter.eventSourceArn)
      .map((mapping) => this.#describe(mapping));
  }

  /** What is running ends first; the answer shows the transition, `get` the state that comes of it. */
  update(uuid: string, { functionName, enabled, settings }: MappingChanges): MappingDescription {
    const mapping = this.#find(uuid);
    const wasEnabled = mapping.poller !== undefined;
    const target = functionName ? this.#targetOf(functionName) : mapping.target;
    const raw = { ...mapping.raw, ...settings };
    const configured = mapping.source.configure(raw, mapping.eventSourceArn, target);
    Object.assign(mapping, { raw, target, settings: configured, lastModified: this.#foundation.clock.now() });
    const willBeEnabled = enabled ?? wasEnabled;
    void this.#switch(mapping, willBeEnabled);
    const transition = willBeEnabled === wasEnabled ? 'Updating' : willBeEnabled ? 'Enabling' : 'Disabling';
    return { ...this.#describe(mapping), State: transition };
  }

  /** One that is made in its place later is another one, and begins at its own starting position. */
  delete(uuid: string): MappingDescription {
    const mapping = this.#find(uuid);
    this.#mappings.delete(uuid);
    this.#deleted.add(uuid);
    void this.#end(mapping.poller, () => mapping.source.forget?.(mapping));
    return { ...this.#describe(mapping), State: 'Deleting' };
  }

  /** Resolves when nothing that was taken is still in work. */
  async close(): Promise<void> {
    for (const { poller } of this.#mappings.values()) void this.#end(poller);
    await Promise.all(this.#ending);
  }

  async #end(poller: Poller | undefined, after?: () => void): Promise<void> {
    const ending = Promise.resolve(poller?.stop()).then(after);
    this.#ending.add(ending);
    try {
      await ending;
    } finally {
      this.#ending.delete(ending);
    }
  }

  /** Of the same function to the same source: there is at most one. */
  #alike({ target, eventSourceArn }: Mapping): Mapping | undefined {
    return [...this.#mappings.values()].find(
      (other) => other.target.functionArn === target.functionArn && other.eventSourceArn === eventSourceArn,
    );
  }

  #prepare(definition: MappingDefinition): Mapping {
    const { functionName, eventSourceArn, settings } = definition;
    const [, , service = ''] = eventSourceArn.split(':');
    const source = this.#sources.get(service);
    if (!source)
      throw new AwsError('InvalidParameterValueException', `Unrecognized event source: ${eventSourceArn}`);
    const target = this.#targetOf(functionName);
    const stable = stableUuid(target.functionArn, definition);
    const uuid = this.#deleted.has(stable) ? randomUUID() : stable;
    const { region, account, clock } = this.#foundation;
    return {
      uuid,
      arn: `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`,
      eventSourceArn,
      source,
      raw: settings,
      settings: source.configure(settings, eventSourceArn, target),
      target,
      functionName,
      state: 'Disabled',
      poller: undefined,
      lastModified: clock.now(),
    };
  }

  #add(mapping: Mapping, enabled: boolean): MappingDescription {
    this.#mappings.set(mapping.uuid, mapping);
    void this.#switch(mapping, enabled);
    return { ...this.#describe(mapping), State: enabled ? 'Creating' : 'Disabled' };
  }

  async #switch(mapping: Mapping, enabled: boolean): Promise<void> {
    const { poller } = mapping;
    mapping.poller = enabled ? mapping.source.poller(mapping, mapping.settings, mapping.target) : undefined;
    const next = mapping.poller;
    mapping.state = enabled ? 'Enabled' : 'Disabling';
    // A poller outlives the request that has started it: what it does is no part of that request.
    this.#foundation.trace.within({}, () => next?.start());
    await this.#end(poller);
    if (mapping.poller === undefined) mapping.state = 'Disabled';
  }

  #find(uuid: string): Mapping {
    const mapping = this.#mappings.get(uuid);
    if (mapping) return mapping;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  #describe({
    uuid,
    arn,
    eventSourceArn,
    target,
    state,
    source,
    settings,
    lastModified,
  }: Mapping): MappingDescription {
    return {
      ...source.describe(settings),
      UUID: uuid,
      EventSourceMappingArn: arn,
      EventSourceArn: eventSourceArn,
      FunctionArn: target.functionArn,
      State: state,
      StateTransitionReason: eventSourceArn.split(':')[2] === 'sqs' ? 'USER_INITIATED' : 'User action',
      LastModified: lastModified / 1000,
    };
  }
}

/** Wording recorded on AWS, for queues and for streams. */
const refuseDuplicate = ({ uuid, eventSourceArn, functionName }: Mapping): never => {
  const queue = eventSourceArn.split(':')[2] === 'sqs';
  const what = queue ? 'An event source mapping with SQS arn' : 'The event source arn';
  const exists = queue ? 'already exists' : 'provided mapping already exists';
  throw new AwsError(
    'ResourceConflictException',
    `${what} (" ${eventSourceArn} ") and function (" ${functionName} ") ${exists}. Please update or delete the existing mapping with UUID ${uuid}`,
    409,
  );
};
