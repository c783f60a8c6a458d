/**
 * Form encoding with brackets, as the Stripe API takes it:
 * `metadata[order_id]=…&expand[0]=latest_charge`. Fastify has split the pairs already; this gives
 * them their shape.
 */
export type FlatForm = Readonly<Record<string, string | readonly string[]>>;
export type Form = { [key: string]: string | string[] | Record<string, string> };

const NAME = /^([a-z_0-9]+)(?:\[([^[\]]{0,60})\])?$/;

/**
 * One level of nesting is all that the endpoints here need; anything else keeps its raw name and is
 * refused as unknown.
 */
export function shapeOf(flat: FlatForm): Form {
  const form: Form = {};
  for (const [name, value] of Object.entries(flat)) {
    const [, key = name, inner] = NAME.exec(name) ?? [];
    const values = typeof value === 'string' ? [value] : [...value];
    if (inner === undefined) form[key] = values.at(-1) ?? '';
    else if (/^\d*$/.test(inner)) form[key] = [...asList(form[key]), ...values];
    else form[key] = { ...asRecord(form[key]), [inner]: values.at(-1) ?? '' };
  }
  return form;
}

/** The same parameters in any order are the same request. */
export function canonical(flat: FlatForm): string {
  return JSON.stringify(Object.entries(flat).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function asList(value: Form[string] | undefined): string[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: Form[string] | undefined): Record<string, string> {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}
