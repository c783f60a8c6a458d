import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../workspace.js';
import { expectTidy } from './expect-tidy.js';
import { linkedPages } from './linked-pages.js';

describe('pages', () => {
  test('can each be reached from the page of a folder', () => expectTidy(linkedPages));

  test('a link leads on, and so does a path in the text', () => {
    const report = linkedPages(
      workspaceOf({
        'README.md': '[the tour](docs/tour.md#start)',
        'docs/tour.md': 'see `docs/api.md` and [why](decisions/0001.md)',
        'docs/api.md': '',
        'docs/decisions/0001.md': '',
      }),
    );
    expect(report).toEqual({ looked: 4, findings: [] });
  });

  test('a page that nothing or only itself and another dead page leads to is found', () => {
    const report = linkedPages(
      workspaceOf({
        'README.md': 'tour.md',
        'docs/tour.md': '[itself](tour.md) [home](../README.md) [api](api.md)',
        'docs/api.md': '',
      }),
    );
    expect(report.findings).toEqual([
      'docs/tour.md: no page leads to it',
      'docs/api.md: no page leads to it',
    ]);
  });
});
