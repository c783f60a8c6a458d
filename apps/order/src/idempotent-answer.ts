import type { Reply } from '@checkout/nest-service';

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
