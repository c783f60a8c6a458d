import { Body, Controller, Get, Put } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from './clock.js';

const MAX_OFFSET_MS = 365 * 24 * 60 * 60 * 1000;
const shift = z.strictObject({ offsetMs: z.int().min(0).max(MAX_OFFSET_MS) });

@Controller('clock')
export class ClockController {
  constructor(private readonly clock: Clock) {}

  @Get()
  read(): { now: string; offsetMs: number } {
    return this.clock.reading();
  }

  @Put()
  async shift(@Body({ schema: shift }) body: z.infer<typeof shift>): Promise<{ now: string }> {
    await this.clock.shift(body.offsetMs);
    return this.clock.reading();
  }
}
