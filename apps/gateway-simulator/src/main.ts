import 'reflect-metadata';
import { startService } from '@checkout/nest-service';
import { config } from './config.js';
import { gatewayApplication } from './gateway.js';

const application = gatewayApplication(config.DATABASE_URL);
await startService({ name: 'gateway', port: config.PORT, ...application });
