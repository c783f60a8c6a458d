import type { z } from 'zod';
import type { ProblemKind } from './problems.js';

/** What one route takes and answers: the source of its part of the OpenAPI document. */
export interface Operation {
  /** Unique: client generators name their functions after it. */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/api/orders/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** A route for customers needs a token; nothing may be asked of the others. */
  readonly access: 'customer' | 'public';
  readonly parameters?: Parameters;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every operation may answer with. */
  readonly problems: readonly ProblemKind[];
}

export interface Parameters {
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Their names in the case in which people write them. */
  readonly header?: z.ZodObject;
}

export interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
  /** `application/json`, when absent. */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
}
