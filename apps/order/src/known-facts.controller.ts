import type { ServiceFacts } from '@checkout/api';
import { Controller, Get, Param, SetMetadata } from '@nestjs/common';
import { z } from 'zod';
import { KnownFacts } from './known-facts.js';
import { PUBLIC } from './signed-in.guard.js';

const ofOrder = z.object({ id: z.uuid('expected the id of an order') });

/**
 * For programs on this machine: the service listens on loopback only, and the console's server
 * passes nothing on that does not begin with /api. Whose order it is, is the caller's to check.
 */
@Controller('internal/orders')
export class KnownFactsController {
  constructor(private readonly facts: KnownFacts) {}

  @SetMetadata(PUBLIC, true)
  @Get(':id/facts')
  async known(@Param({ schema: ofOrder }) { id }: z.infer<typeof ofOrder>): Promise<ServiceFacts> {
    return { service: 'order', facts: await this.facts.of(id.toLowerCase()) };
  }
}
