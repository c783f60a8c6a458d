import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import type { z } from 'zod';
import { faultPlanSchema } from './fault.js';
import { FaultPlan, type PlannedFault } from './fault-plan.js';

@Controller('faults')
export class FaultsController {
  constructor(private readonly plan: FaultPlan) {}

  @Put()
  async replace(
    @Body({ schema: faultPlanSchema }) faults: z.infer<typeof faultPlanSchema>,
  ): Promise<{ data: PlannedFault[] }> {
    await this.plan.replace(faults);
    return this.list();
  }

  @Get()
  async list(): Promise<{ data: PlannedFault[] }> {
    return { data: await this.plan.list() };
  }

  @Delete()
  @HttpCode(204)
  async clear(): Promise<void> {
    await this.plan.replace([]);
  }
}
