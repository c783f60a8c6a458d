import { copyKafkajsWithout, type KafkajsCopy } from '@checkout/local';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as published from 'kafkajs';
import type { Load } from '../patch-check.js';

export type Patch =
  | 'aborted-filter'
  | 'idle-timer'
  | 'grouping'
  | 'static-membership'
  | 'compacted-batches'
  | 'partition-fetch'
  | 'flat-encoding'
  | 'flat-decoding'
  | 'default-offset';

/** Of what is installed, patches and all. */
export const installed: Load = createRequire(import.meta.url);

export interface Unpatched extends KafkajsCopy {
  readonly kafkajs: typeof published;
  readonly load: Load;
}

/** kafkajs as it was published, as far as one patch goes, or its part in one file. */
export function kafkajsWithout(patch: Patch, part?: string): Unpatched {
  const copy = copyKafkajsWithout(patch, part);
  const load = createRequire(join(copy.folder, 'index.js'));
  return {
    ...copy,
    kafkajs: load('./index.js') as typeof published,
    load: (path): unknown => load(path.replace('kafkajs', copy.folder)),
  };
}
