import { createLog, kafkaConnection, startService } from '@checkout/nest-service';
import { DataSource } from 'typeorm';
import { readConfig } from './config.js';
import { prepareFastify } from './http.js';
import { OrderModule } from './order.module.js';
import { overdueWatchdog } from './overdue-watchdog.js';
import { keyPruning } from './prune-keys.js';
import { orderRunners } from './runners.js';

const config = readConfig();
const log = createLog('order');

await startService({
  name: 'order',
  log,
  port: config.PORT,
  module: OrderModule.for(config, log),
  prepareFastify,
  runners: (app, tools) => [
    ...orderRunners(app, {
      ...tools,
      connection: kafkaConnection('order', config),
    }),
    overdueWatchdog({
      dataSource: app.get(DataSource),
      afterMs: config.OVERDUE_AFTER_MS,
      log,
    }),
    keyPruning({ dataSource: app.get(DataSource), log }),
  ],
});
