import type { ReactNode } from 'react';
import { Ago } from './ago';
import { badgeOf } from './audit';
import { useAudit } from './audit-query';
import { Link, usePath } from './router';

/** On every page: what the judge has said last of the whole system, when, and the way to it. */
export function AuditBadge(): ReactNode {
  const { data, error } = useAudit();
  const current = usePath() === '/audit' ? { 'aria-current': 'page' as const } : {};
  if (error && !data) return null; // there is no judge here
  const { state, text, at } = data ? badgeOf(data) : { state: 'awaited', text: 'Audit' };
  return (
    <Link to="/audit" className="audit-badge" data-state={state} {...current}>
      {data && <span className="unseen">Audit: </span>}
      <span>
        {text}
        {at && (
          <>
            {' · '}
            <Ago at={at} />
          </>
        )}
      </span>
    </Link>
  );
}
