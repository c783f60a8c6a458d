import { z } from 'zod';
import { type JsonSchema, type JsonSchemas, sortedByName } from './json-schemas.js';
import type { ProblemKind } from './problems.js';

/** RFC 9457. */
const problem = z
  .object({
    type: z.string().meta({ description: '/problems/ and the name of the kind.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'About this occurrence, in plain words.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .meta({ description: 'Every fault of the request, by the path of the field.' })
      .optional(),
  })
  .meta({ id: 'Problem' });

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, object>>;
}

interface Reference {
  readonly $ref: string;
}

/** Refusals as responses. A kind that stands alone for its status is written once for all. */
export class ProblemResponses {
  private readonly named = new Map<string, Response>();
  private readonly base: JsonSchema;

  constructor(schemas: JsonSchemas) {
    this.base = schemas.sent(problem);
  }

  byStatus(kinds: Iterable<ProblemKind>): Map<number, Response | Reference> {
    const groups = Map.groupBy(kinds, ({ status }) => status);
    return new Map([...groups].map(([status, some]) => [status, this.one(status, some)]));
  }

  components(): Readonly<Record<string, Response>> {
    return sortedByName(this.named);
  }

  private one(status: number, kinds: readonly ProblemKind[]): Response | Reference {
    const response = this.response(status, kinds);
    if (kinds.length > 1) return response;
    const name = kinds.map(({ type }) => pascalCase(type)).join('');
    this.named.set(name, response);
    return { $ref: `#/components/responses/${name}` };
  }

  private response(status: number, kinds: readonly ProblemKind[]): Response {
    const type = { enum: kinds.map((kind) => `/problems/${kind.type}`) };
    const seconds = {
      description: 'Seconds after which to come again.',
      required: kinds.every(({ passes }) => passes),
      schema: { type: 'integer' },
    };
    return {
      description: kinds.map(({ title }) => `${title}.`).join(' '),
      ...(kinds.some(({ passes }) => passes) ? { headers: { 'Retry-After': seconds } } : {}),
      content: {
        'application/problem+json': {
          schema: { ...this.base, properties: { type, status: { const: status } } },
        },
      },
    };
  }
}

function pascalCase(type: string): string {
  return type.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
