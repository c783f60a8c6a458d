import type { Reply, Request } from '@checkout/nest-service';
import { Controller, Get, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { missing, success } from '../answer.js';
import { Endpoints } from '../endpoints.js';
import { page } from '../parse.js';
import { SecretKeyGuard, StripeErrorFilter } from '../stripe-wire.js';
import { EVENT, eventObject, eventTypes, type GatewayEvent } from './event-log.js';

/** The endpoints of events (docs.stripe.com/api/events): what was told, for whoever missed it. */
const PATH = '/v1/events';
const listEventsParameters = z.strictObject({ type: z.enum(eventTypes).optional(), ...page });

@Controller('v1/events')
@UseGuards(SecretKeyGuard)
@UseFilters(StripeErrorFilter)
export class EventsController {
  constructor(private readonly endpoints: Endpoints) {}

  @Get(':id')
  retrieve(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: z.strictObject({}),
      read: async (tx, _parameters, { id }) => {
        const [event] = await tx.query<GatewayEvent[]>(
          `SELECT ${EVENT} FROM events WHERE id = $1`,
          [id],
        );
        return event ? success(eventObject(event)) : missing('event', id, 'id');
      },
    });
  }

  /** Newest first. */
  @Get()
  list(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    return this.endpoints.get(request, reply, {
      schema: listEventsParameters,
      read: async (tx, { type, starting_after, limit }) => {
        const found = await tx.query<GatewayEvent[]>(
          `SELECT ${EVENT} FROM events
           WHERE ($1::text IS NULL OR type = $1)
             AND ($2::text IS NULL OR sequence < (SELECT sequence FROM events WHERE id = $2))
           ORDER BY sequence DESC LIMIT $3`,
          [type, starting_after, limit + 1],
        );
        const data = found.slice(0, limit).map(eventObject);
        return success({ object: 'list', url: PATH, has_more: found.length > limit, data });
      },
    });
  }
}
