import type { Audit } from '@checkout/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, ProblemError, request, problemOf } from './api';

const AUDIT = ['audit'];
/** While one runs, started here or elsewhere, somebody waits for its end. Otherwise nobody asks. */
const RUNNING_EVERY_MS = 2_000;
/** A reader who leaves and comes back within that time has missed nothing. */
const FRESH_FOR_MS = 10_000;

/** The last verdict, one for the whole page: the badge and the table ask once together. */
export function useAudit() {
  return useQuery({
    queryKey: AUDIT,
    queryFn: () => getJson<Audit>('/api/audit'),
    staleTime: FRESH_FOR_MS,
    retry: (_failures, error) => !isAnswer(error),
    refetchInterval: ({ state }) => (state.data?.running ? RUNNING_EVERY_MS : false),
  });
}

/** Asks the judge, and waits for him. A refusal is an error, and so is an answer that gets lost. */
export function useRunAudit() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const response = await request('/api/audit', { method: 'POST' });
      if (!response.ok) throw await problemOf(response);
      return (await response.json()) as Audit;
    },
    retry: false,
    onMutate: () =>
      client.setQueryData<Audit>(AUDIT, (known) => known && { ...known, running: true }),
    onSuccess: (audit) => client.setQueryData<Audit>(AUDIT, audit),
    onError: () => client.invalidateQueries({ queryKey: AUDIT }),
  });
}

/** Where there is no judge, asking again does not help. */
function isAnswer(error: Error): boolean {
  if (!(error instanceof ProblemError)) return false;
  return error.status < 500 || error.type === '/problems/no-judge';
}
