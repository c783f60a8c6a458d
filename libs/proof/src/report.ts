import type { Audit, MomentaryAudit } from './audit.js';
import type { CounterExample } from './invariant.js';
import type { Met } from './met.js';
import { causes, type InvariantResult } from './verdict.js';

type Said = Audit | MomentaryAudit;

/** More than these tell nothing new; `--json` has them all. */
const SHOWN = 5;

/** A line an invariant, and the verdict last. */
export function reportOf(audit: Said): string[] {
  const { rest, invariants } = audit;
  return [
    ...(rest === null || rest.waitingFor.length === 0
      ? []
      : [`not at rest after ${rest.waitedMilliseconds} ms: ${rest.waitingFor.join(', ')}`]),
    ...invariants.flatMap((one) => [
      invariantLine(one),
      ...(one.reason ? [`       ${one.reason}`] : []),
      ...examples(one.counterExamples),
      ...consequences(one),
    ]),
    metLine(audit.met),
    ...nothingToJudge(audit),
    lastLine(audit),
  ];
}

/** An empty system fails, because nothing was proved; and nothing is broken, which is said, too. */
function nothingToJudge({ orders, invariants }: Said): string[] {
  const violated = invariants.filter(({ verdict }) => verdict === 'VIOLATED');
  if (orders > 0 || violated.some(({ id }) => id !== 'A33')) return [];
  return [
    'Nothing is broken. There is no order yet, so nothing could be judged and nothing is proved.',
    '  Next: buy something, or let others do it: npm run load; then npm run audit again',
  ];
}

function metLine(met: Met): string {
  return [
    `went through: ${met.unknownAnswers} answers that never came, ${met.repeats} repeats,`,
    `${met.furtherAttempts} second attempts and later ones,`,
    `${met.aborts} aborts of which ${met.overlappingAborts} overlap,`,
    `${met.takeovers} partitions taken over, ${met.readAgain} records read again`,
  ].join(' ');
}

function invariantLine(result: InvariantResult): string {
  const { id, verdict, rows, milliseconds, says } = result;
  const counts = `${String(rows).padStart(8)} rows ${String(milliseconds).padStart(5)} ms`;
  return `${id}  ${verdict.padEnd(14)} ${counts}  ${says}${recordedPart(result)}`;
}

/** Nobody shall take for looked at what nobody has written down. */
function recordedPart({ recorded, without }: InvariantResult): string {
  if (recorded === undefined) return without ? ` (without recordings: ${without})` : '';
  const but = without ? `, without ${without}` : '';
  return ` (${recorded} of the rows from recordings${but})`;
}

function examples(found: readonly CounterExample[]): string[] {
  const more = found.length - SHOWN;
  return [
    ...found.slice(0, SHOWN).map((one) => `       ${exampleLine(one)}`),
    ...(more > 0 ? [`       and ${more} more`] : []),
  ];
}

function exampleLine({ what, orderId, eventId, at }: CounterExample): string {
  const where = [orderId && `order ${orderId}`, eventId && `event ${eventId}`, at];
  const named = where.filter(Boolean).join(', ');
  return named === '' ? what : `${named}: ${what}`;
}

function consequences({ consequences: found, explainedBy, verdict }: InvariantResult): string[] {
  if (explainedBy === undefined) return [];
  const more = `${found.length} more about orders that ${explainedBy.join(' and ')} already names`;
  if (verdict === 'VIOLATED') return [`       ${more}`];
  return [`       explained by ${explainedBy.join(' and ')}:`, ...examples(found)];
}

function lastLine({ held, orders, examined, notObserved, rest, ...audit }: Said): string {
  const waitingFor = rest?.waitingFor ?? [];
  const busy = waitingFor.length > 0 ? ` NOT AT REST: ${waitingFor.join(', ')}` : '';
  if (held) {
    const { notApplicable, invariants } = audit;
    const partlyObserved = invariants.filter(({ without }) => without !== undefined).length;
    const counts = { orders, examined, notObserved, notApplicable, partlyObserved };
    const words = Object.entries(counts).map(([name, count]) => `${name}=${count}`);
    if (rest === null) {
      const asked = invariants.map(({ id }) => id).filter((id) => id !== 'A33');
      return `HELD SO FAR ${words.join(' ')}: ${asked.join(', ')}, which hold at every moment`;
    }
    return `EXACTLY-ONCE HELD ${words.join(' ')}${busy}`;
  }
  const having = (verdict: InvariantResult['verdict']) =>
    causes.flatMap((id) =>
      audit.invariants.filter((one) => one.id === id && one.verdict === verdict),
    );
  const [first, ...others] = having('VIOLATED');
  const example = first?.counterExamples[0];
  const also = [
    ...(others.length > 0 ? [`and ${namesOf(others)}`] : []),
    ...(having('EXPLAINED').length > 0 ? [`which explains ${namesOf(having('EXPLAINED'))}`] : []),
  ].join('; ');
  const beside = also === '' ? '' : ` (${also})`;
  return `VIOLATED ${first?.id} ${example ? exampleLine(example) : ''}${beside}${busy}`;
}

function namesOf(results: readonly InvariantResult[]): string {
  return results.map(({ id }) => id).join(', ');
}
