// Lets plain Node run the sources of this lib: it strips types by itself, but looks for files under
// the names they will have once compiled.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const ours = specifier.startsWith('.') && context.parentURL?.includes('/libs/eos/src/');
    return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
