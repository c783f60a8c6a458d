import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './openapi.js';
import { operations } from './operations.js';

/**
 * Writes docs/openapi.json, or the file that is named; with `--check` it compares only, and fails
 * with the command that writes it: the file in the repository is what reviewers see change and what
 * client generators read.
 */
const args = process.argv.slice(2);
const named = args.find((arg) => !arg.startsWith('--'));
const file = named ?? fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
const text = `${JSON.stringify(openApiDocument(Object.values(operations)), null, 2)}\n`;

if (!args.includes('--check')) {
  await writeFile(file, text);
} else {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== text) {
    const lines = committed.split('\n');
    const at = text.split('\n').findIndex((line, index) => line !== lines[index]);
    process.stderr.write(
      `${file} is not what libs/api says, from line ${at + 1} on.\n` +
        'Regenerate it with `npm run openapi`, and look at the difference.\n',
    );
    process.exitCode = 1;
  }
}
