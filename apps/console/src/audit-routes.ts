import { operations, problems } from '@checkout/api';
import type { Log } from '@checkout/eos';
import { type Fastify, Problem } from '@checkout/nest-service';
import { join } from 'node:path';
import { Audits } from './audits.js';
import type { Config } from './config.js';
import { askJudge } from './judge-process.js';
import { zippedJson } from './zipped-json.js';

export interface AuditRoutes {
  readonly config: Pick<Config, 'evidence' | 'RUN_MODE'>;
  /** The judge's main file. */
  readonly judge: string;
  readonly log: Log;
}

const asked = operations.console.find(({ id }) => id === 'runAudit')?.body;
const EMPTY = 'There is nothing to say: the body is empty, or an empty object.';

/** The last verdict for everybody; a new one for whoever asks, but not in production. */
export function auditRoutes(fastify: Fastify, { config, judge, log }: AuditRoutes): void {
  const { evidence, RUN_MODE } = config;
  const mayRun = RUN_MODE !== 'production';
  const stopped = new AbortController();
  fastify.addHook('preClose', () => stopped.abort());
  const audits =
    evidence &&
    new Audits({
      file: join(evidence.RUN_DIR, 'audit', 'last.json'),
      ask: () => askJudge({ program: judge, evidence }, stopped.signal),
      mayRun,
      log,
    });
  const judged = (): Audits => {
    if (!audits) throw new Problem(problems.noJudge);
    return audits;
  };
  fastify.get('/api/audit', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    return zippedJson(request, reply, await judged().last());
  });
  fastify.post('/api/audit', ({ body }) => {
    if (!asked?.safeParse(body).success)
      throw new Problem(problems.invalidRequest, { detail: EMPTY });
    if (!mayRun) throw new Problem(problems.auditNotAllowed);
    return judged().run();
  });
}
