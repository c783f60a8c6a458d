import { databaseEnv, kafkaEnv, parseConfig, serviceEnv } from '@checkout/nest-service';
import { z } from 'zod';

export const config = parseConfig(z.object({ ...serviceEnv, ...kafkaEnv, ...databaseEnv }));
