import { type Files, type Report } from '../workspace.js';

/**
 * A surface one can hold in the head. Types are not counted: they come along with the values they
 * describe.
 */
const MAX_NAMES = 12;

/** Wider surfaces, each with its reason. */
const WIDER: Readonly<Record<string, { readonly names: number; readonly because: string }>> = {
  api: { names: 14, because: 'the whole contract of the public door: a schema for each body' },
  events: { names: 18, because: 'the whole contract: registry, schemas, codec and ids' },
  eos: { names: 16, because: 'two runners, five decisions, four verdicts and the tools' },
  'nest-service': { names: 15, because: 'what a service says of itself, and all it refuses' },
  testkit: { names: 26, because: 'tests only: parts, browser, load, verdict and Kafka’s own word' },
};

/** Exported for a reader who is not here yet, each with its reason. */
const UNUSED_ALLOWED: Readonly<Record<string, string>> = {
  subtract: 'a difference made by hand would not compare the currencies',
  audit: 'the judge, for whoever runs a system: its own tests do, and a process of its own',
  InvalidEvent: 'what readEvent throws: a caller may want to tell it from a bug',
};

export function libSurface(files: Files): Report {
  const surfaces = [...files].filter(([path]) => /^libs\/[^/]+\/src\/index\.ts$/.test(path));
  const findings = surfaces.flatMap(([path, text]) => {
    const lib = path.split('/')[1] ?? '';
    const names = exportedValues(text);
    const limit = WIDER[lib]?.names ?? MAX_NAMES;
    const unused = names.filter(
      (name) => !(name in UNUSED_ALLOWED) && !isUsedOutside(files, lib, name),
    );
    return [
      ...(names.length > limit
        ? [`${path}: ${names.length} exported names, at most ${limit}`]
        : []),
      ...unused.map((name) => `${path}: ${name} is exported and nobody outside uses it`),
    ];
  });
  const stale = Object.keys(WIDER).filter((lib) => {
    const text = files.get(`libs/${lib}/src/index.ts`);
    return text !== undefined && exportedValues(text).length <= MAX_NAMES;
  });
  const staleFindings = stale.map((lib) => `libs/${lib}: needs its exemption no longer`);
  return { looked: surfaces.length, findings: [...findings, ...staleFindings] };
}

export function exportedValues(text: string): string[] {
  return [...text.matchAll(/export\s+\{([^}]*)\}/g)]
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((name) => name.trim())
    .filter((name) => !name.startsWith('type '))
    .map((name) => name.split(' as ').at(-1) ?? name)
    .filter((name) => name !== '');
}

function isUsedOutside(files: Files, lib: string, name: string): boolean {
  const word = new RegExp(`\\b${name}\\b`);
  return [...files].some(
    ([path, text]) =>
      !path.startsWith(`libs/${lib}/`) &&
      /\.tsx?$/.test(path) &&
      text.includes(`@checkout/${lib}`) &&
      word.test(text),
  );
}
