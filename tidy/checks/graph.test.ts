import { describe, expect, test } from 'vitest';
import { constraints } from '../lint/boundaries.mjs';
import { expectTidy } from './expect-tidy.js';
import { type Graph, graphBoundaries, nxGraph } from './graph.js';

// The graph does not tell a test's import from another: it is held to the wider constraints, the
// lint rule to both.
const rules = constraints({ tests: true });
const node = (...tags: string[]) => ({ data: { tags } });

describe('the graph of projects', () => {
  test('keeps the boundaries', () => expectTidy(() => graphBoundaries(nxGraph(), rules)));

  test('an edge from app to app, one from contract to engine and a missing tag are found', () => {
    const graph: Graph = {
      nodes: {
        order: node('type:app'),
        payment: node('type:app'),
        eos: node('type:engine'),
        events: node('type:contract'),
        stray: node(),
      },
      dependencies: {
        order: [{ target: 'payment' }, { target: 'eos' }, { target: 'npm:zod' }],
        events: [{ target: 'eos' }],
        stray: [],
      },
    };
    expect(graphBoundaries(graph, rules)).toEqual({
      looked: 3,
      findings: [
        'stray: has no tag for its kind',
        'order (type:app) may not depend on payment',
        'events (type:contract) may not depend on eos',
      ],
    });
  });

  test('what a test may use, running code may not', () => {
    const kinds = constraints().find(({ sourceTag }) => sourceTag === 'type:app');
    expect(kinds?.onlyDependOnLibsWithTags).not.toContain('type:test');
  });
});
