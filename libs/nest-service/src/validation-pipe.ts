import { problems } from '@checkout/api';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from './problem.js';

/**
 * Validates what has a schema (`@Body({ schema })`, `@Query({ schema })`) and lists every fault at
 * once.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new RefusingPipe({
    exceptionFactory: (issues) =>
      new Problem(problems.invalidRequest, {
        detail: `${issues.length} fault${issues.length === 1 ? '' : 's'}, listed in errors`,
        errors: issues.map(({ path, message }) => ({ path: pathOf(path), message })),
      }),
  });
}

/**
 * Nest would drop fields with the names of a prototype; here every unknown field is refused, by any
 * name.
 */
class RefusingPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
}

function pathOf(path: readonly (PropertyKey | { key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
