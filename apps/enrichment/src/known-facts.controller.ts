import type { ServiceFacts } from '@checkout/api';
import type { KeyReader } from '@checkout/eos';
import { Controller, Get, Inject, type OnModuleDestroy, Param } from '@nestjs/common';
import { z } from 'zod';
import { knownFacts } from './known-facts.js';

/** The name under which Nest injects it. */
export const KEY_READER = Symbol('key reader');

const ofOrder = z.object({ id: z.uuid('expected the id of an order') });

/** For programs on this machine: the service listens on loopback only. */
@Controller('internal/orders')
export class KnownFactsController implements OnModuleDestroy {
  constructor(@Inject(KEY_READER) private readonly reader: KeyReader) {}

  @Get(':id/facts')
  async known(@Param({ schema: ofOrder }) { id }: z.infer<typeof ofOrder>): Promise<ServiceFacts> {
    return { service: 'enrichment', facts: await knownFacts(this.reader, id.toLowerCase()) };
  }

  onModuleDestroy(): void {
    this.reader.close();
  }
}
