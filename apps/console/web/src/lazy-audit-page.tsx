import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { pauseUnlessOnline } from './clock';

/**
 * The page that few open is loaded when it is opened. What a server that is away did not send is
 * not imported again: a browser may answer the second import of a file with the failure of the
 * first for as long as the document lives (Chromium does; nothing forbids it), and after a release
 * that file may be there no more. A new document has neither trouble, and what the reader has under
 * way is on the disk: the page is loaded anew, at this address, once the server answers.
 */
export function LazyAuditPage(): ReactNode {
  const { data, isError } = useQuery({
    queryKey: ['code of the audit page'],
    queryFn: () => import('./audit-page'),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  });
  useEffect(() => {
    if (!isError) return;
    const left = new AbortController();
    void loadAnew(left.signal);
    return () => left.abort();
  }, [isError]);
  if (data) return <data.AuditPage />;
  return (
    <main id="main" className="audit" aria-busy="true">
      <p role="status" className="lead">
        {isError ? 'The shop does not answer yet. Trying again…' : 'Opening the audit…'}
      </p>
    </main>
  );
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 16_000;

/**
 * The pause doubles from one document to the next (the address keeps it in the browser's history),
 * so that a page whose code never comes does not flicker for ever.
 */
async function loadAnew(left: AbortSignal): Promise<void> {
  const { pauseMs = FIRST_PAUSE_MS } = (history.state ?? {}) as { pauseMs?: number };
  do {
    await pauseUnlessOnline(pauseMs);
    if (left.aborted) return;
  } while (!(await answers(left)));
  if (left.aborted) return;
  history.replaceState({ pauseMs: Math.min(pauseMs * 2, LONGEST_PAUSE_MS) }, '');
  location.reload();
}

function answers(left: AbortSignal): Promise<boolean> {
  return fetch('/audit', {
    headers: { accept: 'text/html' },
    cache: 'no-store',
    signal: left,
  }).then(
    ({ ok }) => ok,
    () => false,
  );
}
