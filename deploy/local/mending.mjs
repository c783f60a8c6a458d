/** How a person gets what is missing, by the tool that their system has for it. */
import { existsSync } from 'node:fs';

const installs = {
  Java: {
    apt: 'openjdk-17-jdk-headless',
    dnf: 'java-21-openjdk-devel',
    apk: 'openjdk17-jdk',
    brew: 'openjdk@17',
    windows: 'winget install EclipseAdoptium.Temurin.17.JDK',
  },
  Maven: {
    apt: 'maven',
    dnf: 'maven',
    apk: 'maven',
    brew: 'maven',
    windows: 'choco install maven',
  },
  npm: {
    apt: 'npm',
    dnf: 'npm',
    apk: 'npm',
    brew: 'node@24',
    windows: 'winget install OpenJS.NodeJS.LTS',
  },
};

export function howToGet(what) {
  const names = installs[what];
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const other = `${sudo}${linuxInstall(names)}`;
  return byPlatform({ darwin: `brew install ${names.brew}`, win32: names.windows, other });
}

function linuxInstall(names) {
  if (existsSync('/etc/alpine-release')) return `apk add ${names.apk}`;
  if (existsSync('/etc/redhat-release')) return `dnf install -y ${names.dnf}`;
  return `apt install -y ${names.apt}`;
}

export function byPlatform(commands) {
  return commands[process.platform] ?? commands.other;
}
