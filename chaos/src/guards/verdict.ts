import type { Audit } from '@checkout/proof';
import type { Loss } from './table.js';

type Judged = Pick<Audit, 'invariants' | 'rest'>;

/** No answer is lost to the customers here; the first audit of some books has none before it. */
const UNOBSERVED = ['A03', 'A26'];

/** In what the verdict differs from what the loss of the guard must bring about. */
export function differences(verdict: Judged, loss: Loss): string[] {
  const { invariant, says } = loss.shownBy;
  const named = verdict.invariants.find(({ id }) => id === invariant);
  const isShown = named?.counterExamples.some(({ what }) => says.test(what)) ?? false;
  return [
    ...differing('violated', having(verdict, 'VIOLATED'), loss.violated),
    ...differing('explained', having(verdict, 'EXPLAINED'), loss.explained ?? []),
    ...unobserved(verdict),
    ...(isShown ? [] : [`${invariant} has no counter-example like ${says.source}`]),
  ];
}

/** What is wrong although all guards are there. */
export function faults(verdict: Judged): string[] {
  return [
    ...differing('violated', having(verdict, 'VIOLATED'), []),
    ...differing('explained', having(verdict, 'EXPLAINED'), []),
    ...unobserved(verdict),
    ...verdict.rest.waitingFor.map((what) => `not at rest: ${what}`),
  ];
}

/** In one line: what does not hold, or that all does. */
export function redOf(verdict: Judged & Pick<Audit, 'orders'>): string {
  const violated = having(verdict, 'VIOLATED').map((id) => `${id} VIOLATED`);
  const explained = having(verdict, 'EXPLAINED').map((id) => `${id} EXPLAINED`);
  const red = [...violated, ...explained];
  const orders = `orders=${verdict.orders}`;
  return red.length === 0 ? `EXACTLY-ONCE HELD ${orders}` : `${red.join(', ')}; all others hold`;
}

/** One line of the invariant that is named for it. */
export function exampleOf(verdict: Judged, { shownBy: { invariant, says } }: Loss): string {
  const named = verdict.invariants.find(({ id }) => id === invariant);
  const found = named?.counterExamples.find(({ what }) => says.test(what));
  return [invariant, found?.at, found?.what].filter(Boolean).join(' ');
}

function having({ invariants }: Judged, word: string): string[] {
  return invariants.filter(({ verdict }) => verdict === word).map(({ id }) => id);
}

function differing(word: string, found: readonly string[], due: readonly string[]): string[] {
  return [
    ...found.filter((id) => !due.includes(id)).map((id) => `${id} is ${word}`),
    ...due.filter((id) => !found.includes(id)).map((id) => `${id} is not ${word}`),
  ];
}

function unobserved(verdict: Judged): string[] {
  const missed = having(verdict, 'NOT OBSERVED').filter((id) => !UNOBSERVED.includes(id));
  return missed.map((id) => `${id} was not observed`);
}
