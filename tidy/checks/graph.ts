import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../workspace.js';
import { root } from '../workspace.js';

/**
 * Nx's own picture of the projects: what depends on what, by declared and by imported dependency.
 */
export interface Graph {
  readonly nodes: Readonly<Record<string, { readonly data: { readonly tags?: string[] } }>>;
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
}

export interface Constraint {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags?: readonly string[];
}

/**
 * The same constraints as the lint rule, over every edge. The rule looks at imports that it can
 * resolve, and an app has nothing to import by name: an edge from app to app passed it when tried.
 */
export function graphBoundaries(graph: Graph, constraints: readonly Constraint[]): Report {
  const edges = Object.values(graph.dependencies)
    .flat()
    .filter(({ target }) => target in graph.nodes);
  const untagged = Object.keys(graph.nodes).filter(
    (name) => !tagsOf(graph, name).some((tag) => tag.startsWith('type:')),
  );
  return {
    looked: edges.length,
    findings: [
      ...untagged.map((name) => `${name}: has no tag for its kind`),
      ...Object.keys(graph.dependencies).flatMap((name) => edgeFaults(graph, name, constraints)),
    ],
  };
}

const tagsOf = (graph: Graph, name: string): readonly string[] =>
  graph.nodes[name]?.data.tags ?? [];

function edgeFaults(graph: Graph, name: string, constraints: readonly Constraint[]): string[] {
  const own = tagsOf(graph, name);
  const targets = (graph.dependencies[name] ?? []).filter(({ target }) => target in graph.nodes);
  return constraints
    .filter(({ sourceTag }) => own.includes(sourceTag))
    .flatMap(({ sourceTag, onlyDependOnLibsWithTags: allowed }) =>
      targets
        .filter(({ target }) => allowed && !tagsOf(graph, target).some((t) => allowed.includes(t)))
        .map(({ target }) => `${name} (${sourceTag}) may not depend on ${target}`),
    );
}

export function nxGraph(): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'graph-'));
  try {
    const file = join(folder, 'graph.json');
    const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
    execFileSync(process.execPath, [nx, 'graph', `--file=${file}`], {
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return (JSON.parse(readFileSync(file, 'utf8')) as { graph: Graph }).graph;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
