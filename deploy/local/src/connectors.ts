import type { Surroundings } from './part.ts';
export async function startConnectors(_around: Surroundings): Promise<void> {}
export async function proveConnectors(_around: Surroundings): Promise<void> {}
