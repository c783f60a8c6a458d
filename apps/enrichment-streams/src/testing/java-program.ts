import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { classPath, javacArguments, jdkCommand, streamsJars } from '@checkout/local';

const project = join(import.meta.dirname, '../..');
/** Small and quick to start. */
const JVM = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=OFF'];

/** The service and what its tests need beside it, compiled. A warning is an error here. */
export async function compiled(folder: string): Promise<(program: string) => readonly string[]> {
  const jars = await streamsJars({ log: join(folder, 'maven.log') });
  const path = classPath(jars);
  const classes = join(folder, 'classes');
  const files = globSync(join(project, 'src/**/*.java'));
  const compiling = javacArguments({ files, classPath: path, classes, strict: true });
  execFileSync(jdkCommand('javac'), compiling, { stdio: 'pipe' });
  const all = [classes, join(project, 'contract'), path].join(delimiter);
  return (program) => [...JVM, '-cp', all, program];
}
