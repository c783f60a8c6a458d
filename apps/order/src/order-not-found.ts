import { problems } from '@checkout/api';
import { Problem } from '@checkout/nest-service';

/** Another's order, an unknown one and nonsense are not told apart. */
export function orderNotFound(): Problem {
  return new Problem(problems.notFound, { detail: 'No order of yours has this id.' });
}
