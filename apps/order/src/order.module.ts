import type { Log } from '@checkout/eos';
import { databaseModule } from '@checkout/nest-service';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CancelOrderController } from './cancel-order.controller.js';
import { CancelOrderHandler } from './cancel-order.handler.js';
import type { Config } from './config.js';
import { KnownFactsController } from './known-facts.controller.js';
import { KnownFacts } from './known-facts.js';
import { CreateOrders } from './migrations/0001-create-orders.js';
import { OpenCatalogue } from './migrations/0002-open-catalogue.js';
import { CancelAndOverdue } from './migrations/0003-cancel-and-overdue.js';
import { OrderAcceptance } from './order-acceptance.js';
import { KeysByAge } from './migrations/0004-keys-by-age.js';
import { TellWishes } from './migrations/0005-tell-wishes.js';
import { LevelsByBucket } from './migrations/0006-levels-by-bucket.js';
import { OrderEventsController } from './order-events.controller.js';
import { OrderStream } from './order-stream.js';
import { OrderStreams } from './order-streams.js';
import { Order, OrderLine, OrderStep } from './order.entity.js';
import { OrdersController } from './orders.controller.js';
import { Orders } from './orders.js';
import { PlaceOrderController } from './place-order.controller.js';
import { PlaceOrderHandler } from './place-order.handler.js';
import { Prices } from './prices.js';
import { Product } from './product.entity.js';
import { ProductsController } from './products.controller.js';
import { SessionController } from './session.controller.js';
import { Sessions } from './session.js';
import { SignedInGuard } from './signed-in.guard.js';
import { DEMO_MODE, LOG, REQUESTS_PER_MINUTE } from './tokens.js';

@Module({})
export class OrderModule {
  static for(config: Config, log: Log): DynamicModule {
    return {
      module: OrderModule,
      imports: [
        databaseModule(config.DATABASE_URL, {
          entities: [Order, OrderLine, OrderStep, Product],
          migrations: [
            CreateOrders,
            OpenCatalogue,
            CancelAndOverdue,
            KeysByAge,
            TellWishes,
            LevelsByBucket,
          ],
        }),
      ],
      controllers: [
        SessionController,
        ProductsController,
        PlaceOrderController,
        CancelOrderController,
        OrdersController,
        OrderEventsController,
        KnownFactsController,
      ],
      providers: [
        { provide: LOG, useValue: log },
        { provide: DEMO_MODE, useValue: config.RUN_MODE !== 'production' },
        { provide: Sessions, useValue: new Sessions(config.SESSION_SECRET) },
        { provide: APP_GUARD, useClass: SignedInGuard },
        { provide: REQUESTS_PER_MINUTE, useValue: config.ORDER_REQUESTS_PER_MINUTE },
        KnownFacts,
        Orders,
        OrderStream,
        OrderStreams,
        OrderAcceptance,
        Prices,
        PlaceOrderHandler,
        CancelOrderHandler,
      ],
    };
  }
}
