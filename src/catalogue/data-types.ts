/** The shape of the compiled catalogue (src/catalogue/data/): what scripts/catalogue/build.mjs writes. */
import type { System, VariablePart } from '../plan/schema.ts';
import type { NativeEcosystem, NativeRow } from './types.ts';

/**
 * Presence of an attribute: one letter per channel, in the order of the channels (newest first), trailing
 * absences left out. `c` confirmed, `p` interpolated, `i` inferred, `-` absent; a capital letter: there,
 * but marked insecure.
 */
export type Presence = string;

/** An attribute under one spelling, in the channels that spell it so. */
export interface AttributeSegment {
  attribute: string;
  in: Presence;
  systems?: System[];
  unfree?: string[];
  /** Names to permit in the channels of a capital letter. */
  insecure?: string[];
}

/** A presence alone: the attribute is spelled as its key in all channels. */
export type AttributeData = Presence | AttributeSegment[];

export interface LineData {
  line: string;
  endOfLife?: string;
  companions?: string[];
  components?: string[];
  in: AttributeSegment[];
  /** By channel: `22.10.0` exact, `1.86.x` the minor, `22.10.0+` at least this. */
  versions?: Record<string, string>;
  /** Channels of which the binary cache has it, although it is marked insecure. */
  cached?: string[];
}

export interface ToolData {
  id: string;
  bundledWith?: string;
  aliases?: Record<string, string>;
  defaults?: Record<string, string>;
  /** What can be composed into it, by name. */
  extensions?: Record<string, AttributeData>;
  /** Names of extensions that it has without being asked. */
  included?: string[];
  /** Newest first. */
  lines: LineData[];
}

export interface ChannelData {
  name: string;
  input: string;
  rev: string;
  narHash: string;
  lastModified: number;
  endOfLife: string | null;
  minimumNix: string;
  systems: System[];
  glibc: string;
  /** As in `Channel`. */
  besideOnly?: true;
}

export interface NativeData {
  link?: string[];
  dlopen?: string[];
  tools?: string[];
  compiler?: boolean;
  variables?: { name: string; value: VariablePart[]; systems?: System[] }[];
  linuxOnly?: string[];
  finding?: NonNullable<NativeRow['finding']>;
}

/**
 * A row; the name of a row in `shared` or of another package that it is like; or rows by version range, the
 * first of which serves where the version is not known.
 */
export type NativeEntry = NativeData | string | { versions: [string, NativeData | string][] };

export interface NativeTable {
  shared: Record<string, NativeData>;
  packages: Record<string, NativeEntry>;
}

/** Needed always: channels, attributes that every ecosystem may name, and the index of the others. */
export interface BaseData {
  version: string;
  date: string;
  defaultChannel: string;
  channels: ChannelData[];
  attributes: Record<string, AttributeData>;
  /** Ids of tools whose attribute has another name. */
  tools: Record<string, string>;
  /** Ecosystems whose tools an ecosystem's detector may name as well. */
  uses: Record<string, string[]>;
  /** The ecosystem that has a tool, where it has another name. */
  homes?: Record<string, string>;
}

export interface EcosystemData {
  tools: ToolData[];
  native: Partial<Record<NativeEcosystem, NativeTable>>;
}
