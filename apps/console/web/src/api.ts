import { renewSession } from './session';

/** An RFC 9457 answer of the server: definite, and in words that may be shown. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** `/problems/…`, or empty. */
  readonly type: string;

  constructor(status: number, type: string, detail: string) {
    super(detail);
    this.status = status;
    this.type = type;
  }
}

/**
 * Every request: same origin, the session's cookie, and one new session when the old one has run
 * out.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const first = await fetch(path, init);
  if (first.status !== 401) return first;
  await renewSession();
  return fetch(path, init);
}

export async function getJson<T>(path: string): Promise<T> {
  const response = await request(path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const body = await jsonObject(response);
  const type = typeof body['type'] === 'string' ? body['type'] : '';
  const title = typeof body['title'] === 'string' ? body['title'] : `HTTP ${response.status}`;
  const detail = typeof body['detail'] === 'string' ? body['detail'] : title;
  return new ProblemError(response.status, type, detail);
}

async function jsonObject(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
