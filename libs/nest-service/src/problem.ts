import type { ProblemKind } from '@checkout/api';
import { HttpException } from '@nestjs/common';

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface Occurrence {
  /** In plain words, about this occurrence. What the kind means, when absent. */
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

const COME_AGAIN_AFTER_SECONDS = '1';

/** An answer that refuses, as RFC 9457 writes it (`application/problem+json`). */
export class Problem extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, { detail, errors, headers }: Occurrence = {}) {
    const { type, title, status, meaning, passes } = kind;
    const said = { type: `/problems/${type}`, title, status, detail: detail ?? meaning };
    super(errors ? { ...said, errors } : said, status);
    this.headers = passes
      ? { 'retry-after': COME_AGAIN_AFTER_SECONDS, ...headers }
      : { ...headers };
  }
}
