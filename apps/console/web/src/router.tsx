import { useSyncExternalStore, type ComponentProps, type MouseEvent, type ReactNode } from 'react';

/** The page's address is its only router state: every view can be linked, reloaded and shared. */
const listeners = new Set<() => void>();

/**
 * A page is left without the place on it (`#main`) that its reader has jumped to: a browser that
 * comes back to an address with a place in it goes there after the page has appeared, and takes the
 * focus from its heading.
 */
export function navigate(path: string): void {
  if (location.hash !== '') history.replaceState(history.state, '', wholePage());
  if (path !== location.pathname) history.pushState(null, '', path);
  scrollTo({ top: 0, behavior: 'instant' });
  listeners.forEach((listener) => listener());
}

function wholePage(): string {
  return location.pathname + location.search;
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

type LinkProps = ComponentProps<'a'> & {
  readonly to: string;
  readonly children: ReactNode;
  readonly onFollow?: () => void;
};

/** A real link: new tab, copy and middle click work; a plain click stays on the page. */
export function Link({ to, children, onFollow, ...rest }: LinkProps): ReactNode {
  const follow = (event: MouseEvent): void => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!plain || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
