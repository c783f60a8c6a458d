import { z } from 'zod';

/** Of this process, and of nothing else: a fault of it stops the start. */
export const config = z
  .object({
    KAFKA_BROKERS: z
      .string()
      .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'expected host:port, separated by commas')
      .default('127.0.0.1:9092')
      .transform((list) => list.split(',')),
    /** Which replica this is: each has one of its own, and keeps it when it is started again. */
    INSTANCE_ORDINAL: z.coerce.number().int().min(0).max(999).default(0),
  })
  .parse(process.env);
