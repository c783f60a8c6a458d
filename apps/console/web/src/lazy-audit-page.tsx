import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/**
 * The page that few open is loaded when it is opened; a server that is just away is asked again, as
 * for everything else.
 */
export function LazyAuditPage(): ReactNode {
  const { data, failureCount } = useQuery({
    queryKey: ['code of the audit page'],
    queryFn: () => import('./audit-page'),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  if (data) return <data.AuditPage />;
  return (
    <main id="main" className="audit" aria-busy="true">
      <p role="status" className="lead">
        {failureCount > 0 ? 'The shop does not answer yet. Trying again…' : 'Opening the audit…'}
      </p>
    </main>
  );
}
