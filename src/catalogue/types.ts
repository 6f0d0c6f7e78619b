/**
 * What nidify knows of nixpkgs, as look-ups. The data behind them is JSON (src/catalogue/data/), one file
 * per ecosystem, loaded on demand; docs/catalogue.md says where each row comes from.
 */
import type { Grade, System, VariablePart } from '../plan/schema.ts';
import type { NativeEcosystem } from './native-ecosystems.ts';

export interface Channel {
  /** `nixos-26.05` */
  name: string;
  /** Name of the flake input, unless it is the default channel's (`nixpkgs`): `nixpkgs-24_05`. */
  input: string;
  rev: string;
  narHash: string;
  lastModified: number;
  /** ISO date. */
  endOfLife: string | null;
  minimumNix: string;
  systems: readonly System[];
  glibc: string;
  /**
   * It gives the lines that no newer channel has, beside a main channel, and cannot be one: what is generated needs
   * more of nixpkgs than it has. Absent: it can.
   */
  besideOnly?: true;
}

/** One attribute in one channel. */
export interface AttributeFact {
  /** Attribute path as that channel spells it: `libpq.pg_config`, `xorg.libX11`. */
  attribute: string;
  grade: Grade;
  /** Systems for which it exists; null for all of the channel. */
  systems: readonly System[] | null;
  /** Names (as lib.getName gives them) that must be permitted; empty when none. */
  unfree: readonly string[];
  insecure: readonly string[];
}

/** A version line of a tool in one channel. */
export interface LineFact extends AttributeFact {
  channel: string;
  /** As exact as it is known for the pinned revision, or null. */
  version: string | null;
  precision: 'exact' | 'minor' | 'line';
  /** Where the version is not exact: the pinned revision has at least this one. */
  atLeast?: string;
  /** It is marked insecure, and yet in the binary cache. Absent: no such exception. */
  cached?: true;
}

/** A version line of a tool: node 22, python 3.11. */
export interface Line {
  /**
   * Beginning of every version in it: `22`, `3.11`. Or a name: `default` where a tool has one line for all
   * versions; any other (`rustup`, `pypy3.11`) is taken only when it is asked for by name.
   */
  line: string;
  /** Upstream's end of life (ISO date), null while unknown or unending. */
  endOfLife: string | null;
  /** Newest channel first. */
  facts: readonly LineFact[];
  /**
   * Canonical attributes of further packages that make up the toolchain and must come from the fact's own
   * channel: cargo and clippy with rustc. Absent: none.
   */
  companions?: readonly string[];
  /**
   * Canonical attributes that are companions only where the project names them among the components of the
   * toolchain, under the same name: rust-analyzer. Absent: none.
   */
  components?: readonly string[];
}

export interface Tool {
  id: string;
  /** Newest first. */
  lines: readonly Line[];
  /** The line that a channel gives when nothing is asked for, by channel name. */
  defaults: Readonly<Record<string, string>>;
  /** Id of the toolchain that brings it: npm with node, pip with python, cargo with rust. */
  bundledWith: string | null;
  /** Names that stand for lines or versions: `lts/hydrogen` → `18`, `lts` → `24`, `latest` → `26`. */
  aliases: Readonly<Record<string, string>>;
  /** What can be composed into it: PHP's extensions. Absent: nothing. */
  extensions?: Extensions;
}

/** Extensions that a toolchain is composed with, under the names that its own set of them has. */
export interface Extensions {
  /** Those that every line of every channel has without being asked. */
  included: ReadonlySet<string>;
  /** Whether a channel can add an extension; null where it cannot. */
  fact(name: string, channel: string): AttributeFact | null;
}

/** What one dependency needs beyond its own package, in canonical attribute names. */
export interface NativeRow {
  /** Libraries to compile and link against. */
  link: readonly string[];
  /** Libraries that are loaded at run time (`LD_LIBRARY_PATH`, Linux). */
  dlopen: readonly string[];
  /** Programs at build or run time (pkg-config, python for node-gyp, ffmpeg). */
  tools: readonly string[];
  /** A C compiler is needed. */
  compiler: boolean;
  /** Variables of the environment. Parts refer to canonical attributes in `package`. */
  variables: readonly { name: string; value: readonly VariablePart[]; systems: readonly System[] | null }[];
  /** Canonical attributes of this row that exist on Linux only. */
  linuxOnly: readonly string[];
  /** What the user should know, as a finding: code and message. */
  finding: { code: string; severity: 'warning' | 'info'; message: string; hint: string | null } | null;
}

export interface Catalogue {
  /** Changes whenever a fact changes; part of the plan's digest. */
  version: string;
  /** Day of the facts (ISO date): end of life is judged on it, never on the clock. */
  date: string;
  defaultChannel: string;
  /** Newest first. */
  channels: readonly Channel[];
  channel(name: string): Channel | null;
  tool(id: string): Tool | null;
  /** A canonical attribute as a channel has it; null where the channel does not have it. */
  attribute(canonical: string, channel: string): AttributeFact | null;
  /**
   * What a dependency needs; null when nothing is known of it.
   * @param version locked version, for rows that differ by version
   */
  native(ecosystem: NativeEcosystem, name: string, version: string | null): NativeRow | null;
  /** Every name that `native` may answer, by ecosystem. */
  nativeNames: Readonly<Record<NativeEcosystem, ReadonlySet<string>>>;
}

export type { NativeEcosystem };

/** Which line of a tool was taken, and how well it answers. */
export interface Selection {
  tool: string;
  line: string;
  fact: LineFact;
  status: 'supported' | 'end-of-life' | 'insecure';
  match: 'exact' | 'compatible' | 'assumed' | 'nearest' | 'default';
}
