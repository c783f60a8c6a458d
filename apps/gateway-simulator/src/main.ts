import 'reflect-metadata';
import { startService } from '@checkout/nest-service';
import { config } from './config.js';
import { gatewayApplication } from './gateway.js';

const { DATABASE_URL, WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = config;
const endpoint = url !== undefined && secret !== undefined ? { url, secret } : null;
const application = gatewayApplication(DATABASE_URL, endpoint);
await startService({ name: 'gateway', port: config.PORT, ...application });
