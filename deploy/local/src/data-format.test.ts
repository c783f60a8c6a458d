/** Whoever starts on data that this program would misread is told so before anything runs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Enrichment } from '../enrichments.mjs';
import { keepsState, refuseOtherData } from './data-format.ts';
import { RunFolder } from './run-folder.ts';
import { startSystem } from './system.ts';
import { temporaryFolder } from './testing/folders.ts';

/** As a start leaves it that came as far as its data. */
function folderOf(enrichment: Enrichment | undefined): string {
  const runDir = temporaryFolder();
  inFolder(runDir, (folder) => {
    refuseOtherData(folder, enrichment);
    if (enrichment) keepsState(folder, enrichment);
  });
  mkdirSync(join(runDir, 'data', 'broker'));
  return runDir;
}

function inFolder(runDir: string, work: (folder: RunFolder) => void): void {
  const folder = new RunFolder(runDir);
  try {
    work(folder);
  } finally {
    folder.release();
  }
}

/** What a start says, and what it has begun. */
async function refusalOf(runDir: string, env: Record<string, string>) {
  const begun: string[] = [];
  const starting = startSystem({ runDir, env, report: (line) => void begun.push(line) });
  void starting.then((system) => onTestFinished(() => system.stop())).catch(() => undefined);
  const said = await starting.then(
    () => 'it was started',
    (error: unknown) => (error as Error).message,
  );
  return { said, begun, processes: existsSync(join(runDir, 'processes.json')) };
}

const nothing = { begun: [], processes: false };

describe('a start on data of the other enrichment', () => {
  it.each([
    ['engine', 'streams'],
    ['streams', 'engine'],
  ] as const)('by %s is refused to %s, before anything runs', async (owner, other) => {
    const runDir = folderOf(owner);
    const before = readFileSync(join(runDir, 'data', 'format.json'), 'utf8');

    const { said, ...begun } = await refusalOf(runDir, { ENRICHMENT: other });

    expect(said).toContain(`holds the state of ENRICHMENT=${owner}, which ENRICHMENT=${other}`);
    expect(said).toContain(`ENRICHMENT=${other} npm start -- --fresh, which forgets all orders`);
    expect(begun).toEqual(nothing);
    expect(readFileSync(join(runDir, 'data', 'format.json'), 'utf8')).toBe(before);
  });

  it('is no matter for its own, nor for whoever only looks at what it left', () => {
    for (const enrichment of ['streams', undefined] as const) {
      inFolder(folderOf('streams'), (folder) => {
        expect(() => refuseOtherData(folder, enrichment)).not.toThrow();
      });
    }
  });

  it('is none after the data was forgotten, nor where only servers ran', () => {
    inFolder(folderOf('engine'), (folder) => {
      folder.forgetEverything();
      expect(() => refuseOtherData(folder, 'streams')).not.toThrow();
    });
    inFolder(folderOf(undefined), (folder) => {
      expect(() => refuseOtherData(folder, 'streams')).not.toThrow();
    });
  });
});

describe('a start on data of another version', () => {
  it('is refused: it lies there without a mark, or with another one', async () => {
    const unmarked = temporaryFolder();
    mkdirSync(join(unmarked, 'data', 'postgres'), { recursive: true });
    const later = folderOf('engine');
    writeFileSync(join(later, 'data', 'format.json'), '{"format":3,"enrichment":"engine"}');

    for (const [runDir, format] of [
      [unmarked, 1],
      [later, 3],
    ] as const) {
      const { said, ...begun } = await refusalOf(runDir, {});
      expect(said).toContain(`holds data of another version (format ${format}, this one writes 2)`);
      expect(said).toContain('Next: npm start -- --fresh');
      expect(begun).toEqual(nothing);
    }
  });
});

it('an enrichment that does not exist is refused by name, and leaves no folder', async () => {
  const runDir = join(temporaryFolder(), 'run');

  const { said, ...begun } = await refusalOf(runDir, { ENRICHMENT: 'kafka' });

  expect(said).toBe('ENRICHMENT is "kafka": expected engine or streams');
  expect(begun).toEqual(nothing);
  expect(existsSync(runDir)).toBe(false);
});
