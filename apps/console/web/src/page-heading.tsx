import { useEffect, useRef, type ReactNode } from 'react';

/**
 * Whether this is the first page of the visit; later ones are reached by a link and take the focus
 * with them.
 */
let first = true;

/** A page's title, for the window and for readers of the screen. */
export function PageHeading({
  title,
  children,
}: {
  title: string;
  children?: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Checkout`;
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
