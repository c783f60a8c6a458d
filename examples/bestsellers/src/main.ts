import 'reflect-metadata';
import { ensureTopics } from '@checkout/eos';
import { ExactlyOnceTransport } from '@checkout/eos-nest';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { BestsellersController } from './bestsellers.controller.js';
import { config } from './config.js';
import { ownTopics } from './topics.js';

@Module({ controllers: [BestsellersController] })
class BestsellersModule {}

const log = pino({ name: 'bestsellers' });
const { KAFKA_BROKERS: brokers, INSTANCE_ORDINAL: ordinal } = config;
await ensureTopics({ brokers, topics: ownTopics, log });

const app = await NestFactory.create<NestFastifyApplication>(
  BestsellersModule,
  new FastifyAdapter(),
  { logger: ['warn', 'error'] },
);
const strategy = new ExactlyOnceTransport(app, {
  connection: { brokers, clientId: 'bestsellers', ordinal },
  log,
  // The engine cannot go on by itself: whoever supervises this process starts it again.
  onFatal: (error) => {
    log.error({ err: error }, 'cannot go on, the process ends');
    process.exit(1);
  },
});
app.connectMicroservice({ strategy });
app.enableShutdownHooks();
await app.startAllMicroservices();
