import { HttpException } from '@nestjs/common';

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface ProblemOptions {
  /** Short name of the kind of problem; clients may switch over it. */
  readonly type: string;
  readonly status: number;
  readonly title: string;
  /** In plain words, about this occurrence. */
  readonly detail: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that refuses, as RFC 9457 writes it (`application/problem+json`). */
export class Problem extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: ProblemOptions) {
    const { type, headers, ...rest } = options;
    super({ type: `/problems/${type}`, ...rest }, options.status);
    this.headers = headers ?? {};
  }
}
