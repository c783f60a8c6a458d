/** Text that is HTML already; everything else that is put into a page is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

export function html(strings: TemplateStringsArray, ...values: (Html | string | number)[]): Html {
  const parts = values.map((value) => (value instanceof Html ? value.text : escaped(`${value}`)));
  return new Html(strings.map((text, i) => text + (parts[i] ?? '')).join(''));
}

export function list<T>(items: readonly T[], part: (item: T) => Html, between = ''): Html {
  return new Html(items.map((item) => part(item).text).join(escaped(between)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
