import { posix } from 'node:path';
import type { Files, Report } from '../workspace.js';

/** Every version is exact, so that a clone of today is the clone that was tested. */
const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
const EXACT_IN_POM = /^(\d+(\.\w+)*(-[\w.]+)?|\$\{[\w.]+\})$/;
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

type Manifest = Partial<Record<(typeof KINDS)[number], Record<string, string>>>;

export function pins(files: Files): Report {
  let looked = 0;
  const findings: string[] = [];
  for (const [path, text] of files) {
    for (const [name, version, exact] of versionsIn(path, text)) {
      looked += 1;
      if (!exact.test(version))
        findings.push(`${path}: ${name} ${version} is not an exact version`);
    }
  }
  return { looked, findings };
}

type Version = readonly [name: string, version: string, exact: RegExp];

function versionsIn(path: string, text: string): readonly Version[] {
  const name = posix.basename(path);
  if (name === 'package.json') {
    const manifest = JSON.parse(text) as Manifest;
    return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {})).map(
      ([dependency, version]) => [dependency, version, EXACT] as const,
    );
  }
  if (!/pom\.xml$/.test(name)) return [];
  const tags = text.matchAll(/<((?:[\w.-]+\.)?version)>\s*([^<]+?)\s*<\/\1>/g);
  return [...tags].map(([, tag = '', version = '']) => [tag, version, EXACT_IN_POM] as const);
}
