import type { ChannelData, NativeData, ToolData } from '../../src/catalogue/data-types.ts';
import type { System } from '../../src/plan/schema.ts';

/** Texts in the notation of spans.mjs, by spelling of the attribute. */
export type Attributes = Record<string, string[]>;

export interface AttributeSource {
  attributes: Attributes;
  systems?: System[];
  unfree?: string[];
  insecure?: string[];
  note?: string;
}

export interface LineSource extends AttributeSource {
  line: string;
  endOfLife?: string;
  companions?: string[];
}

export type ToolSource = Omit<ToolData, 'lines'> & { lines?: LineSource[]; note?: string };

export type NativeSource = NativeData & { evidence: string[] };
export type EntrySource = NativeSource | string | { versions: [string, NativeSource | string][] };

export interface EcosystemSource {
  id: string;
  uses: string[];
  tools: ToolSource[];
  native: Record<string, { shared: Record<string, NativeSource>; packages: Record<string, EntrySource> }>;
}

export interface Sources {
  channels: {
    date: string;
    defaultChannel: string;
    channels: (ChannelData & { release: string | null; evidence: string[] })[];
  };
  attributes: { tools: Record<string, string>; attributes: Record<string, string[] | AttributeSource> };
  evidence: Record<string, string>;
  ecosystems: EcosystemSource[];
}

export function readSources(root: string): Promise<Sources>;
