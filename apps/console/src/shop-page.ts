import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Html } from './html.js';

/** The one page, as it was built. */
export interface ShopPage {
  readonly html: string;
  /** What it links to for its looks, for pages that are made here and look alike. */
  readonly looks: Html;
}

export function readShopPage(folder: string): ShopPage {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const links = html.match(/<link rel="(?:stylesheet|preload)"[^>]*>/g) ?? [];
  return { html, looks: new Html(links.join('\n')) };
}
