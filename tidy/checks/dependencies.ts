import { posix } from 'node:path';
import { resolveRelative, specifiersIn } from '../imports.js';
import { type Files, isTest, type Report } from '../workspace.js';

/**
 * What a project imports is what its package.json and its tsconfig say. npm hoists everything, so
 * an undeclared import works by luck; and a declared but unused one is an edge in the graph that
 * does not exist.
 */
export function dependencies(files: Files): Report {
  const projects = projectsOf(files);
  const findings = projects.flatMap((project) => [
    ...undeclared(project),
    ...unused(files, project),
    ...unreferenced(project, projects),
    ...relativeAcross(files, project, projects),
  ]);
  return { looked: projects.length, findings };
}

interface Project {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly references: readonly string[];
  readonly sources: readonly (readonly [path: string, text: string])[];
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function projectsOf(files: Files): readonly Project[] {
  const manifests = [...files.keys()].filter((path) =>
    /^(?:(?:apps|libs|deploy)\/[^/]+|e2e|bench|chaos)\/package\.json$/.test(path),
  );
  return manifests.map((path) => {
    const folder = posix.dirname(path);
    const manifest = JSON.parse(files.get(path) ?? '{}') as Manifest;
    return {
      folder,
      name: manifest.name ?? folder,
      dependencies: Object.keys(manifest.dependencies ?? {}),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
      references: referencesOf(folder, files.get(`${folder}/tsconfig.json`) ?? '{}'),
      sources: [...files].filter(
        ([file]) => file.startsWith(`${folder}/`) && /\.(tsx?|mjs|html|css)$/.test(file),
      ),
    };
  });
}

function referencesOf(folder: string, tsconfig: string): string[] {
  const { references = [] } = JSON.parse(tsconfig) as { references?: { path: string }[] };
  return references.map(({ path }) => posix.join(folder, path));
}

/** `@nestjs/common/internal` belongs to `@nestjs/common`. */
function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|virtual:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function importedBy(sources: Project['sources']): Set<string> {
  const packages = sources.flatMap(([, text]) => specifiersIn(text).map(packageOf));
  return new Set(packages.filter((name) => name !== undefined));
}

/** Installed once, at the root: tools and the test runner. */
const AT_THE_ROOT = new Set(['vitest', 'vite', 'fast-check']);
const isDevelopment = (path: string): boolean =>
  isTest(path) || /\.config\.ts$|\/vite\.|\/web\//.test(path);

function undeclared(project: Project): string[] {
  const running = project.sources.filter(([path]) => !isDevelopment(path));
  const known = new Set([...project.dependencies, ...project.devDependencies, ...AT_THE_ROOT]);
  const missing = [...importedBy(project.sources)].filter((name) => !known.has(name));
  const onlyForTests = [...importedBy(running)].filter(
    (name) => project.devDependencies.includes(name) && !isTypesOnly(running, name),
  );
  return [
    ...missing.map((name) => `${project.folder}: imports ${name} without declaring it`),
    ...onlyForTests.map((name) => `${project.folder}: ${name} is needed at run time`),
  ];
}

function isTypesOnly(sources: Project['sources'], name: string): boolean {
  const value = new RegExp(`import (?!type\\b)[^;]*?from ['"]${name}(/[^'"]*)?['"]`);
  return !sources.some(([, text]) => value.test(text));
}

/** Loaded by Nest, by TypeORM or by the compiler, by name. */
const LOADED_BY_NAME = new Set([
  '@nestjs/core',
  '@nestjs/platform-fastify',
  'reflect-metadata',
  'rxjs',
  'pg',
  'react-dom',
]);

function unused(files: Files, project: Project): string[] {
  const imported = importedBy(project.sources);
  const declared = [...project.dependencies, ...project.devDependencies];
  const mentions = [...files]
    .filter(([path]) => path.startsWith(`${project.folder}/`) && /\.(ts|mjs|json)$/.test(path))
    .filter(([path]) => !path.endsWith('package.json'))
    .map(([, text]) => text)
    .join('\n');
  return declared
    .filter((name) => !imported.has(name) && !name.startsWith('@types/'))
    .filter((name) => !LOADED_BY_NAME.has(name) && !mentions.includes(name))
    .map((name) => `${project.folder}: declares ${name} and does not import it`);
}

function unreferenced(project: Project, projects: readonly Project[]): string[] {
  const compiled = project.sources.filter(([path]) => path.startsWith(`${project.folder}/src/`));
  const imported = importedBy(compiled);
  return projects
    .filter((other) => other !== project && imported.has(other.name))
    .filter((other) => !project.references.includes(other.folder))
    .map((other) => `${project.folder}: its tsconfig does not reference ${other.folder}`);
}

function relativeAcross(files: Files, project: Project, projects: readonly Project[]): string[] {
  return project.sources.flatMap(([path, text]) =>
    specifiersIn(text).flatMap((specifier) => {
      const target = resolveRelative(files, path, specifier);
      const other = projects.find(({ folder }) => target?.startsWith(`${folder}/`));
      return other && other !== project ? [`${path}: reaches into ${other.folder}`] : [];
    }),
  );
}
