import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ProblemError } from './api';
import { App } from './app';
import './styles/base.css';
import './styles/parts.css';
import './styles/header.css';
import './styles/shop.css';
import './styles/cart.css';
import './styles/orders.css';
import './styles/order.css';
import './styles/timeline.css';

const LONGEST_RETRY_PAUSE_MS = 4_000;

/**
 * A refusal is an answer and is shown; everything else (a server that restarts or asks for a pause,
 * no network) is asked again.
 */
const isFinal = (error: unknown): boolean =>
  error instanceof ProblemError && error.status < 500 && error.status !== 429;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (_failures, error) => !isFinal(error),
      retryDelay: (failures) => Math.min(500 * 2 ** failures, LONGEST_RETRY_PAUSE_MS),
      networkMode: 'always',
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
