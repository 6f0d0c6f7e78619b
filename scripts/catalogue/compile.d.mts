import type { BaseData, EcosystemData } from '../../src/catalogue/data-types.ts';
import type { Sources } from './sources.d.mts';

export interface Compiled {
  base: BaseData;
  ecosystems: { id: string; data: EcosystemData }[];
}

export function compile(sources: Sources): Compiled;
export function shortName(channel: string): string;
