// Another copy of kafkajs than the one that is installed: the query names its folder.
import { registerHooks } from 'node:module';
import { join } from 'node:path';

const folder = new URL(import.meta.url).searchParams.get('folder') ?? '';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'kafkajs') return next(join(folder, 'index.js'), context);
    return next(specifier.replace(/^kafkajs\//, `${folder}/`), context);
  },
});
