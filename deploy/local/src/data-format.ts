/**
 * What wrote the data of a run folder: `data/format.json`, made with the data and gone with it.
 *
 * Guarantee: a system is not started on state that it would misread. Reservations, verdicts and
 * joins lie in changelogs of whoever keeps them, in a form that an older version, or the other of
 * the two enrichments, does not know: every reserved piece would be sold once more. So a start is
 * refused before anything runs, and told what to do. The topics job says the same of a cluster that
 * somebody else runs (deploy/topics).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Enrichment } from '../enrichments.mjs';
import type { RunFolder } from './run-folder.ts';

/** 2: a product's stock lies in buckets. What is older has no such file. */
const FORMAT = 2;

interface Mark {
  readonly format: number;
  /** Absent until a shop has been started here. */
  readonly enrichment?: Enrichment;
}

class OtherData extends Error {
  override readonly name = 'OtherData';
}

/** Before anything runs. Who is about to keep state here; undefined when nobody is. */
export function refuseOtherData(folder: RunFolder, enrichment: Enrichment | undefined): void {
  const mark = markOf(folder);
  if (mark) write(folder, mark);
  if (enrichment === undefined) return;
  if (mark?.format !== FORMAT) {
    throw new OtherData(
      `${folder.path} holds data of another version (format ${mark?.format ?? 1}, this one writes` +
        ` ${FORMAT}), which this one would misread.\n  Next: npm start -- --fresh, which forgets` +
        ' all orders; or RUN_DIR=… npm start, beside it',
    );
  }
  const owner = mark.enrichment ?? enrichment;
  if (owner !== enrichment) {
    throw new OtherData(
      `${folder.path} holds the state of ENRICHMENT=${owner}, which ENRICHMENT=${enrichment} ` +
        `cannot read: pieces are reserved there.\n  Next: ENRICHMENT=${owner} npm start; or ` +
        `ENRICHMENT=${enrichment} npm start -- --fresh, which forgets all orders`,
    );
  }
}

/** From now on; the cluster, too, holds nothing of the other's (src/topics.ts). */
export function keepsState(folder: RunFolder, enrichment: Enrichment): void {
  write(folder, { format: FORMAT, enrichment });
}

/** Undefined where data lies that nobody has marked. */
function markOf(folder: RunFolder): Mark | undefined {
  const file = fileOf(folder);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Mark;
  const isOld = ['broker', 'postgres'].some((name) => existsSync(folder.file('data', name)));
  return isOld ? undefined : { format: FORMAT };
}

function write(folder: RunFolder, mark: Mark): void {
  const file = fileOf(folder);
  mkdirSync(folder.file('data'), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(mark)}\n`);
  renameSync(`${file}.new`, file);
}

function fileOf(folder: RunFolder): string {
  return folder.file('data', 'format.json');
}
