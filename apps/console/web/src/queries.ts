import {
  useInfiniteQuery,
  useQuery,
  type QueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { getJson } from './api';
import { learn, type KnownOrder } from './history';
import type { Order, OrderList, Product } from './types';

const keys = {
  products: ['products'],
  orders: ['orders'],
  order: (id: string) => ['order', id],
};

export function useProducts(): UseQueryResult<readonly Product[]> {
  return useQuery({ queryKey: keys.products, queryFn: loadProducts });
}

async function loadProducts(): Promise<readonly Product[]> {
  const answer = await getJson<readonly Product[] | { data: readonly Product[] }>('/api/products');
  return 'data' in answer ? answer.data : answer;
}

export function useOrder(client: QueryClient, id: string): UseQueryResult<KnownOrder> {
  return useQuery({
    queryKey: keys.order(id),
    queryFn: async () => {
      const order = await getJson<Order>(`/api/orders/${encodeURIComponent(id)}`);
      return learn(client.getQueryData(keys.order(id)), order, null);
    },
  });
}

export function useOrders() {
  return useInfiniteQuery({
    queryKey: keys.orders,
    queryFn: ({ pageParam }) => getJson<OrderList>(`/api/orders${pageParam}`),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) =>
      nextCursor ? `?cursor=${encodeURIComponent(nextCursor)}` : undefined,
  });
}

/** After a refusal the catalogue on the screen may be out of date. */
export function refreshProducts(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.products });
}

/** One order's news. Stock and the list change with it and are asked for again. */
export function tellOrder(client: QueryClient, news: Order, at: string | null): void {
  client.setQueryData<KnownOrder>(keys.order(news.id), (known) => learn(known, news, at));
  void client.invalidateQueries({ queryKey: keys.orders });
  void client.invalidateQueries({ queryKey: keys.products });
}

/** News may have been missed: ask for everything that is on the screen. */
export function askAgain(client: QueryClient): Promise<void> {
  return client.invalidateQueries();
}
