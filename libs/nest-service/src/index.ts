export {
  createApplication,
  type App,
  type ApplicationOptions,
  type Fastify,
  type Reply,
  type Request,
} from './application.js';
export { holdsCardNumber, refuseCardNumbers } from './card-number.js';
export { databaseEnv, kafkaEnv, parseConfig, serviceEnv } from './config.js';
export { kafkaConnection } from './connection.js';
export {
  connectAndMigrate,
  databaseModule,
  postgresOptions,
  type DatabaseOptions,
} from './database.js';
export { createLog } from './log.js';
export { Problem } from './problem.js';
export { refuse } from './problem-filter.js';
export { startService, type RunnerTools, type ServiceOptions } from './start-service.js';
