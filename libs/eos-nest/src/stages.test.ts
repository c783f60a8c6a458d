import 'reflect-metadata';
import { skip, type Decision, type InputRecord } from '@checkout/eos';
import {
  Controller,
  Injectable,
  Module,
  Scope,
  type Type,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { expect, it } from 'vitest';
import { ExactlyOnce } from './exactly-once.js';
import { stagesIn, stagesOf } from './stages.js';

const reads = (group: string) => ({
  ...{ group, topics: [`${group}.in`] },
  decode: ({ value }: InputRecord) => String(value),
});
const record: InputRecord = {
  ...{ topic: 'one.in', partition: 0, offset: 7n, timestamp: 0, key: null },
  ...{ value: Buffer.from('text'), headers: {} },
};

@Controller()
class Plain {
  readonly #prefix = 'seen';

  @ExactlyOnce(reads('one'))
  one(text: string): Decision {
    return skip(`${this.#prefix} ${text}`);
  }

  @ExactlyOnce(reads('two'))
  two(text: string): Decision {
    return skip(text);
  }

  notOne(): string {
    return 'no stage';
  }
}

async function found(...controllers: Type[]) {
  @Module({ controllers })
  class OfControllers {}
  const app = await NestFactory.createApplicationContext(OfControllers, { logger: false });
  try {
    return stagesIn(app);
  } finally {
    await app.close();
  }
}

it('are the marked methods of controllers, and decide as their controller does', async () => {
  const stages = await found(Plain);
  expect(stages.map(({ group, topics }) => [group, ...topics])).toEqual([
    ['one', 'one.in'],
    ['two', 'two.in'],
  ]);
  const [one] = stages;
  const nothing = { get: () => undefined };
  expect(one?.decide(one.decode(record), nothing, record)).toEqual(skip('seen text'));
});

it('are found in one controller without an application, for tests of what they decide', () => {
  expect(stagesOf(new Plain()).map(({ group }) => group)).toEqual(['one', 'two']);
});

@Injectable()
class Nobody {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class Unchanged {
  transform(value: unknown): unknown {
    return value;
  }
}

it('are refused with all that would not do what it says, in one error', async () => {
  @Controller()
  class Guarded {
    @UseGuards(Nobody)
    @ExactlyOnce(reads('guarded'))
    guarded(text: string): Decision {
      return skip(text);
    }
  }

  @Controller({ scope: Scope.REQUEST })
  @UsePipes(Unchanged)
  class MadeAnew {
    @ExactlyOnce(reads('one'))
    again(text: string): Decision {
      return skip(text);
    }
  }

  @Controller()
  class Decorated {
    @ExactlyOnce(reads('decorated'))
    changed(@Payload(new Unchanged()) text: string): Decision {
      return skip(text);
    }
  }

  await expect(found(Guarded, MadeAnew, Decorated, Plain)).rejects.toThrow(
    [
      'Guarded.guarded has a guard, which would never run: a decision is called as it stands',
      'MadeAnew.again has a pipe, which would never run: a decision is called as it stands',
      'MadeAnew.again: its controller is made for each request, and a record is no request',
      'Decorated.changed has a decorated parameter, which would never run: ' +
        'a decision is called as it stands',
      'two stages are called one: each is a consumer group of its own',
    ].join('; '),
  );
});

it('must be there at all', async () => {
  @Controller()
  class Empty {}
  await expect(found(Empty)).rejects.toThrow(
    'no method of a controller is marked with @ExactlyOnce',
  );
});
