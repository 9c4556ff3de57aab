import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Timer } from '../../clock.ts';
import { resourceNotFound, SqsError } from './errors.ts';
import { jsonText } from './queue-attributes.ts';
import type { QueueRegistry } from './queue-registry.ts';
import type { SqsStore } from './store.ts';

const moveTask = z.object({
  id: z.string(),
  sourceArn: z.string(),
  destinationArn: z.string().optional(),
  perSecond: z.number().optional(),
  startedAt: z.number(),
  toMove: z.number(),
  moved: z.number(),
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED']),
  failure: z.string().optional(),
});

export type MoveTask = z.output<typeof moveTask>;

const taskHandle = jsonText.pipe(z.object({ taskId: z.string(), sourceArn: z.string() }));

/** So many messages a turn when no rate was asked for, so that other requests get theirs. */
const MESSAGES_PER_TURN = 100;
const NO_QUEUE = 'AWS.SimpleQueueService.NonExistentQueue';

/** Message move tasks: they bring the messages of a dead-letter queue back ("StartMessageMoveTask"). */
export class MoveTasks {
  readonly #clock: Clock;
  readonly #store: SqsStore;
  readonly #queues: QueueRegistry;
  readonly #tasks = new Map<string, MoveTask>();
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock, store: SqsStore, queues: QueueRegistry) {
    this.#clock = clock;
    this.#store = store;
    this.#queues = queues;
    for (const stored of store.moveTasks()) {
      const task = moveTask.parse(stored);
      this.#tasks.set(task.id, task);
      if (task.status === 'RUNNING') this.#goOn(task);
    }
  }

  /** @throws ResourceNotFoundException, InvalidParameterValue */
  start(sourceArn: string, destinationArn?: string, perSecond?: number): MoveTask {
    const source = this.#queues.find(sourceArn);
    if (!source) throw resourceNotFound('SourceArn');
    if (destinationArn && !this.#queues.find(destinationArn)) throw resourceNotFound('DestinationArn');
    if (this.#queues.sourcesOf(sourceArn).length === 0)
      throw new SqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    if (this.list(sourceArn).some(({ status }) => status === 'RUNNING'))
      throw new SqsError(
        'InvalidParameterValue',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const task: MoveTask = {
      id: randomUUID(),
      sourceArn,
      ...(destinationArn && { destinationArn }),
      ...(perSecond && { perSecond }),
      startedAt: this.#clock.now(),
      toMove: source.engine.depth().visible,
      moved: 0,
      status: 'RUNNING',
    };
    this.#tasks.set(task.id, task);
    this.#save(task);
    this.#goOn(task);
    return task;
  }

  /** Latest first. */
  list(sourceArn: string): MoveTask[] {
    return [...this.#tasks.values()].filter((task) => task.sourceArn === sourceArn).reverse();
  }

  /** @throws InvalidParameterValue, ResourceNotFoundException */
  cancel(handle: string, authorize: (sourceArn: string) => void): MoveTask {
    const { success, data } = taskHandle.safeParse(Buffer.from(handle, 'base64').toString());
    if (!success) throw new SqsError('InvalidParameterValue', 'Value for parameter TaskHandle is invalid.');
    authorize(data.sourceArn);
    if (!this.#queues.find(data.sourceArn)) throw resourceNotFound('SourceArn');
    const task = this.#tasks.get(data.taskId);
    if (task?.status !== 'RUNNING') throw new SqsError('ResourceNotFoundException', 'Task does not exist.');
    this.#end(task, 'CANCELLED');
    return task;
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #goOn(task: MoveTask): void {
    const pauseMs = task.perSecond ? 1000 / task.perSecond : 0;
    this.#timers.set(
      task.id,
      this.#clock.after(pauseMs, () => this.#step(task)),
    );
  }

  #step(task: MoveTask): void {
    const count = task.perSecond ? 1 : MESSAGES_PER_TURN;
    for (let i = 0; i < count && task.status === 'RUNNING'; i += 1) this.#moveNext(task);
    if (task.status !== 'RUNNING') return;
    this.#save(task);
    this.#goOn(task);
  }

  /** "Learn how to configure a dead-letter queue redrive": a moved message is a new one, with a new id and time. */
  #moveNext(task: MoveTask): void {
    const source = this.#queues.find(task.sourceArn);
    if (!source) {
      this.#end(task, 'FAILED', NO_QUEUE);
      return;
    }
    const next = task.moved < task.toMove ? source.engine.nextVisible() : undefined;
    if (!next) {
      this.#end(task, 'COMPLETED');
      return;
    }
    const destinationArn = task.destinationArn ?? next.deadLetterSourceArn;
    if (!destinationArn) {
      this.#end(task, 'FAILED', 'CouldNotDetermineMessageSource');
      return;
    }
    const destination = this.#queues.find(destinationArn);
    if (!destination) {
      this.#end(task, 'FAILED', NO_QUEUE);
      return;
    }
    source.engine.discard(next);
    destination.takeAnew(next);
    task.moved += 1;
  }

  #end(task: MoveTask, status: MoveTask['status'], failure?: string): void {
    this.#timers.get(task.id)?.cancel();
    this.#timers.delete(task.id);
    task.status = status;
    if (failure) task.failure = failure;
    this.#save(task);
  }

  #save(task: MoveTask): void {
    this.#store.saveMoveTask(task.id, task.sourceArn, task.startedAt, task);
  }
}

export const handleOf = ({ id, sourceArn }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
