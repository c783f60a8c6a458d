import type { OrderView, OrderPage, Product, Timeline } from '@checkout/api';
import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type QueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { getJson } from './api';
import { latest } from './history';
import { useMemory } from './memory-store';

/** Everything but the catalogue belongs to a customer: another one never sees what is cached. */
const keys = {
  products: ['products'],
  orders: (customerId: string) => ['orders', customerId],
  order: (customerId: string, id: string) => ['order', customerId, id],
  timeline: (customerId: string, id: string) => ['order', customerId, id, 'timeline'],
};

function useCustomerId(): string {
  return useMemory().customerId ?? '';
}

export function useProducts(): UseQueryResult<readonly Product[]> {
  return useQuery({
    queryKey: keys.products,
    queryFn: async () => (await getJson<{ data: readonly Product[] }>('/api/products')).data,
  });
}

export function useOrder(client: QueryClient, id: string): UseQueryResult<OrderView> {
  const queryKey = keys.order(useCustomerId(), id);
  return useQuery({
    queryKey,
    queryFn: async () => {
      const order = await getJson<OrderView>(`/api/orders/${encodeURIComponent(id)}`);
      return latest(client.getQueryData(queryKey), order);
    },
  });
}

type Orders = InfiniteData<OrderPage>;

export function useOrders() {
  const query = useInfiniteQuery({
    queryKey: keys.orders(useCustomerId()),
    queryFn: ({ pageParam }) => getJson<OrderPage>(`/api/orders${pageParam}`),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) =>
      nextCursor ? `?cursor=${encodeURIComponent(nextCursor)}` : undefined,
    structuralSharing: (known, fetched) =>
      withLatest(known as Orders | undefined, fetched as Orders),
  });
  /** News of an order that is not on the list asks for the list, which ends a question for more. */
  const showOlder = async (): Promise<void> => {
    const shown = query.data?.pages.length ?? 0;
    let now = await query.fetchNextPage();
    while (now.isSuccess && now.hasNextPage && now.data.pages.length <= shown)
      now = await query.fetchNextPage();
  };
  return { ...query, showOlder };
}

/** A page is as old as its question: news that came meanwhile stays. */
function withLatest(known: Orders | undefined, fetched: Orders): Orders {
  const orders = known?.pages.flatMap(({ data }) =>
    data.map((order) => [order.id, order] as const),
  );
  const byId = new Map(orders);
  const pages = fetched.pages.map((page) => ({
    ...page,
    data: page.data.map((order) => latest(byId.get(order.id), order)),
  }));
  return { ...fetched, pages };
}

/** Facts arrive behind the status: while somebody reads, it is asked for again now and then. */
const TIMELINE_EVERY_MS = 2_000;

export function useTimeline(id: string, open: boolean): UseQueryResult<Timeline> {
  return useQuery({
    queryKey: keys.timeline(useCustomerId(), id),
    queryFn: () => getJson<Timeline>(`/api/orders/${encodeURIComponent(id)}/timeline`),
    enabled: open,
    refetchInterval: TIMELINE_EVERY_MS,
  });
}

/** After a refusal the catalogue on the screen may be out of date. */
export function refreshProducts(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.products });
}

/** One order's news. Stock changes with it and is asked for again, and so is a list without it. */
export function tellOrder(client: QueryClient, news: OrderView): void {
  const { customerId, id } = news;
  client.setQueryData<OrderView>(keys.order(customerId, id), (known) => latest(known, news));
  const list = keys.orders(customerId);
  const listed = client.getQueryData<Orders>(list);
  if (listed?.pages.some(({ data }) => data.some((order) => order.id === id))) {
    client.setQueryData<Orders>(list, withNews(listed, news));
  } else {
    void client.invalidateQueries({ queryKey: list });
  }
  void refreshProducts(client);
  void client.invalidateQueries({ queryKey: keys.timeline(customerId, id) });
}

function withNews(list: Orders, news: OrderView): Orders {
  const pages = list.pages.map((page) => ({
    ...page,
    data: page.data.map((order) => (order.id === news.id ? latest(order, news) : order)),
  }));
  return { ...list, pages };
}

/** An order, or the list of them, whichever is on the screen. */
export async function askForOrders(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['orders'] }),
    client.invalidateQueries({ queryKey: ['order'] }),
  ]);
}

/** Nothing was heard for a while: ask for everything that is on the screen. */
export function askForAll(client: QueryClient): Promise<void> {
  return client.invalidateQueries();
}
