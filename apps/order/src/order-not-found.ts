import { Problem } from '@checkout/nest-service';

/** Another's order, an unknown one and nonsense are not told apart. */
export function orderNotFound(): Problem {
  return new Problem({
    type: 'not-found',
    status: 404,
    title: 'There is no such order',
    detail: 'No order of yours has this id.',
  });
}
