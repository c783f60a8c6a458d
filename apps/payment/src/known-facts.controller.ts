import type { ServiceFacts } from '@checkout/api';
import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { KnownFacts } from './known-facts.js';

const ofOrder = z.object({ id: z.uuid('expected the id of an order') });

/** For programs on this machine: the service listens on loopback only. */
@Controller('internal/orders')
export class KnownFactsController {
  constructor(private readonly facts: KnownFacts) {}

  @Get(':id/facts')
  async known(@Param({ schema: ofOrder }) { id }: z.infer<typeof ofOrder>): Promise<ServiceFacts> {
    return { service: 'payment', facts: await this.facts.of(id.toLowerCase()) };
  }
}
