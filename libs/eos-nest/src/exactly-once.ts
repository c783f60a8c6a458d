import type { Decision, InputRecord, State, TransactionalRunnerOptions } from '@checkout/eos';
import { EventPattern } from '@nestjs/microservices';

/** All of a stage but what it decides, which is the method below the decorator. */
export type StageOptions<E> = Omit<
  TransactionalRunnerOptions<E>,
  'decide' | 'connection' | 'log' | 'onFatal'
>;
export type Decide<E> = (event: E, state: State, record: InputRecord) => Decision;

/** By it Nest tells our handlers from those of other transports. */
export const EXACTLY_ONCE = Symbol('exactly-once');
const STAGE = Symbol('stage');

/**
 * Makes a method of a controller the decision of a stage: a record of its topics comes in, what is
 * to be written and put goes out, and the engine makes all of it visible at once or not at all.
 *
 * The method is called as it stands, synchronously: no pipe, guard, interceptor or filter comes
 * between the engine and a decision, because a decision that may run again must be pure. Its
 * parameters need no decorators.
 */
export function ExactlyOnce<E>(stage: StageOptions<E>) {
  return <D extends Decide<E>>(
    target: object,
    name: string,
    method: TypedPropertyDescriptor<D>,
  ): void => {
    EventPattern<string>(stage.group, EXACTLY_ONCE)(target, name, method);
    if (method.value) Reflect.defineMetadata(STAGE, stage, method.value);
  };
}

export function stageOf(method: object): StageOptions<unknown> | undefined {
  return Reflect.getMetadata(STAGE, method) as StageOptions<unknown> | undefined;
}
