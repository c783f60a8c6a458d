import type { LaunchOptions } from '@playwright/test';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * A real Chromium on any machine, without a download at test time and without root.
 *
 * Guarantee: a browser test runs or fails; it is never skipped because there was no browser. What
 * runs is named.
 * The order: an installed browser, then the one Playwright has downloaded itself, then the one that
 * came with the packages, which is unpacked once.
 */
export interface Browser {
  /** Which one, in words. */
  readonly name: string;
  readonly launch: LaunchOptions;
}

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const ARGS = [
  // Containers and CI machines run as root, where the sandbox cannot start.
  '--no-sandbox',
  // A browser under test talks to the pages it is shown and to nobody else.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
];

export async function findBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return browser(`installed: ${installed}`, installed);
  // Most users of this library need no browser and should not pay for Playwright.
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  if (existsSync(own)) return browser(`Playwright's own: ${own}`, own);
  const packaged = await unpackedBrowser();
  const fonts = { FONTCONFIG_FILE: join(dirname(packaged), FONT_SETTINGS), HOME: homedir() };
  return browser(`from the package @sparticuz/chromium: ${packaged}`, packaged, fonts);
}

function browser(name: string, executablePath: string, env?: Record<string, string>): Browser {
  return { name, launch: { executablePath, args: ARGS, ...(env ? { env } : {}) } };
}

/**
 * The package unpacks into the system's temporary folder and takes any file it finds there for a
 * whole browser, also one that another process is still writing or never finished. So it is given a
 * folder of its own, which gets its final name when all is there.
 */
async function unpackedBrowser(): Promise<string> {
  const entry = import.meta.resolve('@sparticuz/chromium');
  const { version } = await packageOf(entry);
  const modules = fileURLToPath(new URL('../../../', entry));
  const home = join(modules, '.cache', `chromium-${version}`);
  const executable = join(home, 'chromium');
  if (existsSync(executable)) return executable;

  await mkdir(dirname(home), { recursive: true });
  const unfinished = await mkdtemp(`${home}-`);
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', UNPACK, '--', entry],
    { env: { TMPDIR: unfinished } },
  );
  await writeFile(join(unfinished, FONT_SETTINGS), fontSettings(home));
  try {
    await rename(unfinished, home);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    if (!existsSync(executable)) throw error; // else another run was first
  }
  return executable;
}

const FONT_SETTINGS = 'fontconfig.xml';

/**
 * Without any font a text has no height, and Playwright calls it hidden: the package's fonts help
 * out.
 */
function fontSettings(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(home, 'fonts')}</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

const UNPACK = 'await (await import(process.argv.at(-1))).default.executablePath();';

async function packageOf(entry: string): Promise<{ version: string }> {
  const manifest = await readFile(new URL('../package.json', entry), 'utf8');
  return JSON.parse(manifest) as { version: string };
}
