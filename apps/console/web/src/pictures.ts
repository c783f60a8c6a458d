const files = import.meta.glob<string>('./pictures/*.svg', {
  eager: true,
  query: '?url',
  import: 'default',
});

export const parcel = files['./pictures/parcel.svg'];

/** Pictures are files named for the product; one without a picture gets the plain parcel. */
export function pictureOf(sku: string): string | undefined {
  return files[`./pictures/${sku}.svg`] ?? parcel;
}
