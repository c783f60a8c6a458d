import { expect, it } from 'vitest';
import type { Audit } from './audit.js';
import { stopwatch } from './clock.js';
import { reportOf } from './report.js';
import { cleanHistory } from './testing/clean-history.js';
import { draftOf, type Draft } from './testing/draft.js';
import { World } from './testing/simulated-world.js';
import { judge } from './verdict.js';

function auditOf(draft: Draft, waitingFor: readonly string[] = []): Audit {
  const rest = { waitedMilliseconds: 60_000, waitingFor };
  return { ...judge(draft, stopwatch()), rest, readMilliseconds: 1, judgeMilliseconds: 1 };
}

it('has a line for each invariant and the verdict last, with what was not observed', () => {
  const draft = draftOf(cleanHistory(1));
  draft.recordings.history = null;
  const lines = reportOf(auditOf(draft));
  expect(lines.filter((line) => /^A\d\d /.test(line))).toHaveLength(37);
  expect(lines[0]).toMatch(/^A01 {2}NOT OBSERVED +0 rows +\d+ ms {2}What a client was told/);
  expect(lines[1]).toContain('history.ndjson');
  expect(lines.at(-1)).toMatch(/^EXACTLY-ONCE HELD orders=\d+ examined=\d+ notObserved=3 notApp/);
});

it('names the cause in its last line, and shows five examples at most', () => {
  const draft = draftOf(cleanHistory(1));
  const { charges } = draft.gateway.books;
  const charge = charges.find(({ status }) => status === 'succeeded');
  for (let n = 0; n < 7; n++) charges.push({ ...charge!, id: `ch_${n}`, orderId: `order ${n}` });
  charges.push({ ...charge!, id: 'ch_again' });
  const lines = reportOf(auditOf(draft));
  const at = lines.findIndex((line) => line.startsWith('A17'));
  expect(lines[at]).toMatch(/^A17 {2}VIOLATED/);
  expect(lines.slice(at + 1, at + 7).at(-1)).toBe('       and 2 more');
  expect(lines.at(-1)).toContain(`VIOLATED A15 order ${charge?.orderId}: 2 charges stand`);
  expect(lines.at(-1)).toMatch(/\(and A17; which explains A16, A2\d\)$/);
});

it('says of what only follows from something else that it is explained, and by what', () => {
  const draft = draftOf(cleanHistory(1));
  const [order] = draft.orders.orders.filter(({ status }) => status === 'booked');
  order!.total += 1n;
  const audit = auditOf(draft);
  const lines = reportOf(audit);
  const at = lines.findIndex((line) => line.startsWith('A16'));
  expect(lines[at]).toMatch(/^A16 {2}EXPLAINED /);
  expect(lines[at + 1]).toBe('       explained by A32:');
  expect(lines[at + 2]).toContain(`order ${order!.id}: `);
  expect(lines.at(-1)).toMatch(/^VIOLATED A32 order .* \(which explains .*A16.*\)$/);
  expect(audit.invariants.find(({ id }) => id === 'A16')).toMatchObject({
    verdict: 'EXPLAINED',
    counterExamples: [],
    explainedBy: ['A32'],
  });
});

it('says of an empty system that nothing was judged, and what to do, before it fails', () => {
  const empty = draftOf(new World(1).evidence());
  const lines = reportOf(auditOf(empty));
  expect(lines.at(-3)).toMatch(/^Nothing is broken\. There is no order yet/);
  expect(lines.at(-2)).toContain('npm run load');
  expect(lines.at(-1)).toMatch(/^VIOLATED A33 there is no order: nothing was judged/);

  // Money without an order is no empty system.
  const { charges } = draftOf(cleanHistory(1)).gateway.books;
  const looted = draftOf(new World(1).evidence());
  looted.gateway.books.charges.push(charges[0]!);
  const said = reportOf(auditOf(looted)).join('\n');
  expect(said).toMatch(/^A\d\d  VIOLATED/m);
  expect(said).not.toContain('Nothing is broken');
});

it('says first what a busy system was waited for', () => {
  const [first] = reportOf(auditOf(draftOf(cleanHistory(1)), ['3 orders that are not final']));
  expect(first).toBe('not at rest after 60000 ms: 3 orders that are not final');
});

it('does not say of a busy system that all held, and nothing of what was waited for', () => {
  const last = reportOf(auditOf(draftOf(cleanHistory(1)), ['2 webhooks'])).at(-1);
  expect(last).toMatch(/^EXACTLY-ONCE HELD orders=\d+ .* NOT AT REST: 2 webhooks$/);
  expect(reportOf(auditOf(draftOf(cleanHistory(1)))).at(-1)).not.toContain('REST');
  const broken = draftOf(cleanHistory(1));
  broken.orders.history.pop();
  expect(reportOf(auditOf(broken, ['2 webhooks'])).at(-1)).toMatch(
    /^VIOLATED A28 .* NOT AT REST: 2 webhooks$/,
  );
});

it('says in the line of an invariant what it held without, and how much was recorded', () => {
  const draft = draftOf(cleanHistory(1));
  const partOf = (id: string) =>
    /\(.*\)$/.exec(reportOf(auditOf(draft)).find((line) => line.startsWith(id)) ?? '')?.[0];
  for (const id of ['A07', 'A08', 'A12', 'A25', 'A28', 'A32', 'A35']) {
    expect(partOf(id)).toMatch(/^\([1-9]\d* of the rows from recordings\)$/);
  }
  const nobody = { reads: null, consumed: null, checkpoint: null, canaries: [] };
  Object.assign(draft.recordings, nobody);
  for (const id of ['A07', 'A08', 'A12', 'A35']) {
    expect(partOf(id)).toMatch(/^\(without recordings: the services did not .* \(RECORD=1\)\)$/);
  }
  expect(partOf('A25')).toBe('(without recordings: this is the first audit of these books)');
  expect(partOf('A28')).toContain('reads.ndjson');
  expect(partOf('A32')).toContain('canaries.txt');
  expect(reportOf(auditOf(draft)).at(-1)).toMatch(/^EXACTLY-ONCE HELD .* partlyObserved=7$/);
});
