import type { Reply, Request } from '@checkout/nest-service';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const zip = promisify(gzip);

/** Below it one packet carries the answer either way. */
const WORTH_ZIPPING_BYTES = 1_024;

/**
 * An answer as scripts travel, too: zipped, for who reads that. Files are zipped when they are
 * built (web/vite.config.ts); this is for what is not known then.
 */
export async function zippedJson(
  request: Request,
  reply: Reply,
  body: object,
): Promise<string | Buffer> {
  const text = JSON.stringify(body);
  void reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding');
  if (Buffer.byteLength(text) < WORTH_ZIPPING_BYTES || !readsGzip(request)) return text;
  void reply.header('content-encoding', 'gzip');
  return zip(text);
}

/** Named, and not with the weight 0, which means never (RFC 9110, 12.5.3). */
function readsGzip({ headers }: Request): boolean {
  const codings = String(headers['accept-encoding'] ?? '').toLowerCase();
  return codings.split(',').some((coding) => {
    const [name, ...parameters] = coding.split(';').map((part) => part.trim());
    return name === 'gzip' && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
  });
}
