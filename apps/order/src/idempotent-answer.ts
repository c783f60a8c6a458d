import { Problem, type Reply } from '@checkout/nest-service';

/** What every route with an Idempotency-Key answers alike. */
export interface Answered {
  readonly response: string;
  /** It is the answer of an earlier request with the same key. */
  readonly replayed: boolean;
}

/** The kept text goes out as it is: written anew, it might differ by a byte. */
export async function sendAnswer(
  reply: Reply,
  status: number,
  { response, replayed }: Answered,
): Promise<void> {
  if (replayed) reply.header('idempotent-replayed', 'true');
  await reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(response);
}

export function stillRunning(): Problem {
  return new Problem({
    type: 'still-running',
    status: 409,
    title: 'A request with this Idempotency-Key is still running',
    detail: 'Repeat it in a moment to get its answer.',
    headers: { 'retry-after': '1' },
  });
}

/** `another`: what was different the first time, such as "another body". */
export function keyReused(another: string): Problem {
  return new Problem({
    type: 'idempotency-key-reused',
    status: 422,
    title: `This Idempotency-Key was used with ${another}`,
    detail: 'Repeat the first request to get its answer, or use a new key for a new one.',
  });
}
