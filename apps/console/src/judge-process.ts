import { audit, type AuditVerdict } from '@checkout/api';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { EvidenceEnv } from './config.js';

/**
 * The judge, as a process of its own.
 *
 * Guarantee: it shares no memory, no connection and no module with what it judges, and it always
 * comes to an end. What it says is believed only whole: an exit code that does not go with the
 * words, or words that cannot be read, are no verdict.
 * Failure stories:
 *   1. It cannot reach a database, or Kafka: it says so and ends with 2. That is no verdict, and
 *      not a good one.
 *   2. It hangs: it is killed after the limit. No verdict.
 *   3. This server ends: so does the judge, with the signal. If this server is killed, the judge
 *      ends by itself after its own limit, and nobody hears what it says.
 */
export interface JudgeOptions {
  /** Its main file. */
  readonly program: string;
  readonly evidence: EvidenceEnv;
  /** How long a busy system may take to come to rest. */
  readonly settleWithinMs?: number;
  readonly endsWithinMs?: number;
}

export type Judgement =
  | { readonly kind: 'verdict'; readonly verdict: AuditVerdict }
  | { readonly kind: 'none'; readonly reason: string };

/** A backlog of some thousand orders is worked off in that time. */
const SETTLE_WITHIN_MS = 60_000;
/** Beyond that: reading and judging take 20 s for 10,000 orders. */
const ENDS_WITHIN_MS = 150_000;
const words = audit.shape.verdict.unwrap();
/** What the exit code says of the words. */
const HELD: Readonly<Record<number, boolean>> = { 0: true, 1: false };

export async function askJudge(options: JudgeOptions, stopped: AbortSignal): Promise<Judgement> {
  const { program, evidence, settleWithinMs = SETTLE_WITHIN_MS } = options;
  const endsWithinMs = options.endsWithinMs ?? ENDS_WITHIN_MS;
  const late = AbortSignal.timeout(endsWithinMs);
  const judge = spawn(process.execPath, [program, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...evidence, SETTLE_WITHIN_MS: String(settleWithinMs) },
    signal: AbortSignal.any([stopped, late]),
    killSignal: 'SIGKILL',
  });
  const [code, said, complaint] = await Promise.all([
    ended(judge),
    wordsOf(judge.stdout),
    wordsOf(judge.stderr),
  ]);
  if (late.aborted) return none(`The judge was ended after ${endsWithinMs / 1_000} s.`);
  if (stopped.aborted) return none('The console was stopped meanwhile.');
  if (code !== 0 && code !== 1) return none(reasonIn(complaint, code));
  const verdict = verdictIn(said);
  if (!verdict || verdict.held !== HELD[code])
    return none('What the judge said could not be read.');
  return { kind: 'verdict', verdict };
}

/** Null when it was killed; what it was killed for is known. Then it is gone. */
function ended(judge: ChildProcess): Promise<number | null> {
  judge.on('error', () => undefined);
  return new Promise((done) => judge.once('close', done));
}

/** What a killed process has said so far is of no use. */
function wordsOf(stream: Readable): Promise<string> {
  return text(stream).catch(() => '');
}

function verdictIn(said: string): AuditVerdict | undefined {
  try {
    return words.parse(JSON.parse(said));
  } catch {
    return undefined;
  }
}

/** Long enough for what failed and what it failed of. */
const LONGEST_REASON = 500;

function reasonIn(complaint: string, code: number | null): string {
  const said = complaint.replace(/^no verdict: /, '').trim();
  if (said === '') return `The judge ended with ${code ?? 'a signal'}.`;
  return said.length > LONGEST_REASON ? `${said.slice(0, LONGEST_REASON)}…` : `${said}.`;
}

function none(reason: string): Judgement {
  return { kind: 'none', reason };
}
