import { z } from 'zod';
import { auditOperations } from './audits.js';
import { healthOperations } from './health.js';
import type { Operation } from './operation.js';
import { orderOperations } from './orders.js';
import { productOperations } from './products.js';
import { sessionOperations } from './sessions.js';
import { timelineOperations } from './timelines.js';
import { webhookOperations } from './webhooks.js';

const documentOperations: readonly Operation[] = [
  {
    id: 'getDocument',
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document',
    access: 'public',
    answers: {
      200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) },
    },
    problems: [],
  },
];

/**
 * The public routes, by the service that answers them. Each service has a test that its routes and
 * its list are the same, so that neither can grow alone.
 */
export const operations = {
  order: [...sessionOperations, ...productOperations, ...orderOperations],
  payment: webhookOperations,
  console: [...timelineOperations, ...auditOperations, ...documentOperations, ...healthOperations],
} as const satisfies Record<string, readonly Operation[]>;
