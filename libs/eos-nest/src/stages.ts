import { BugError } from '@checkout/eos';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type Decide, stageOf, type StageOptions } from './exactly-once.js';

export interface Stage extends StageOptions<unknown> {
  readonly decide: Decide<unknown>;
}

/** Where Nest notes what is to run before and after a handler. */
const AROUND = {
  __guards__: 'a guard',
  __pipes__: 'a pipe',
  __interceptors__: 'an interceptor',
  __exceptionFilters__: 'a filter',
};
/** Where it notes, by method, what a decorator gives to a parameter, and through which pipes. */
const PARAMETERS = '__routeArguments__';

/** The stages of one controller, as the engine runs them. */
export function stagesOf(controller: object): readonly Stage[] {
  return marked(controller).map(({ options, method }) => ({
    ...options,
    decide: method.bind(controller),
  }));
}

/**
 * The stages of all controllers of an application.
 *
 * Throws a BugError that names everything which would not do what it says: a guard or the like, or
 * a decorator of a parameter, that would never run; a controller that Nest makes anew for each
 * request; two stages of one group.
 */
export function stagesIn(app: INestApplicationContext): readonly Stage[] {
  const controllers = new DiscoveryService(app.get(ModulesContainer)).getControllers();
  const faults: string[] = [];
  const stages = controllers.flatMap((controller) => {
    const instance = controller.instance as object;
    const wrong = marked(instance).flatMap(({ where, name, method }) => [
      ...around(where, instance.constructor, method),
      ...(Reflect.hasMetadata(PARAMETERS, instance.constructor, name)
        ? [`${where} has a decorated parameter, ${NEVER_RUN}`]
        : []),
      ...(controller.isDependencyTreeStatic() ? [] : [`${where}: ${FOR_EACH_REQUEST}`]),
    ]);
    faults.push(...wrong);
    return stagesOf(instance);
  });
  faults.push(...repeated(stages.map(({ group }) => group)));
  if (stages.length === 0) faults.push('no method of a controller is marked with @ExactlyOnce');
  if (faults.length > 0) throw new BugError(faults.join('; '));
  return stages;
}

const NEVER_RUN = 'which would never run: a decision is called as it stands';
const FOR_EACH_REQUEST = 'its controller is made for each request, and a record is no request';

interface Marked {
  /** For people: `Controller.method`. */
  readonly where: string;
  readonly name: string;
  readonly options: StageOptions<unknown>;
  readonly method: Decide<unknown>;
}

function marked(controller: object): Marked[] {
  const prototype = Object.getPrototypeOf(controller) as Record<string, Decide<unknown>>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const method = prototype[name];
    const options = method && stageOf(method);
    const where = `${controller.constructor.name}.${name}`;
    return options ? [{ where, name, options, method }] : [];
  });
}

function around(where: string, ...places: object[]): string[] {
  return Object.entries(AROUND).flatMap(([key, what]) =>
    places.some((place) => Reflect.hasMetadata(key, place))
      ? [`${where} has ${what}, ${NEVER_RUN}`]
      : [],
  );
}

function repeated(groups: readonly string[]): string[] {
  const twice = groups.filter((group, at) => groups.indexOf(group) !== at);
  return twice.map(
    (group) => `two stages are called ${group}: each is a consumer group of its own`,
  );
}
