import type { RefCallback } from 'react';

/**
 * Who reads by keyboard or by ear keeps the place when what has the focus leaves the page: a
 * browser would send them back to its top, and say nothing.
 *
 * For `ref`, and to be made once for a kind of element: React calls what it returns right before
 * the element goes.
 */
export function focusGoesTo(
  heirOf: (leaving: HTMLElement) => HTMLElement | null,
): RefCallback<HTMLElement> {
  return (element) => () => {
    if (element?.contains(document.activeElement)) heirOf(element)?.focus();
  };
}
