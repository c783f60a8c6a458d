import type { Files, Report } from '../workspace.js';

/**
 * Names that own nothing, so that everything ends up there. A thing is named by the noun it owns.
 */
const NAMELESS = /^(shared|common|utils?|helpers?|misc|lib|core|stuff)$/;
const LAYERS = /^(controllers|services|dtos?|mappers|interfaces|repositories|entities|types)$/;

export function folderNames(files: Files): Report {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, index) => folders.add(parts.slice(0, index + 1).join('/')));
  }
  const findings = [...folders].flatMap((folder) => {
    const name = folder.split('/').at(-1) ?? '';
    if (NAMELESS.test(name)) return [`${folder}: name it by what it owns`];
    return LAYERS.test(name) ? [`${folder}: a folder is a concept, not a layer`] : [];
  });
  const fileFindings = [...files.keys()]
    .filter((path) => NAMELESS.test((path.split('/').at(-1) ?? '').replace(/(\.test)?\.\w+$/, '')))
    .map((path) => `${path}: name it by what it owns`);
  return { looked: folders.size, findings: [...findings, ...fileFindings] };
}
