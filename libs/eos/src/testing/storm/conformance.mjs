// Runs the sources, as the processes that it starts do.
import '../run-typescript.mjs';

await import('./main.ts');
