/**
 * What ecosystems say of a repository, before any of it is resolved: plain values with their evidence.
 */

import type { NativeEcosystem } from '../catalogue/native-ecosystems.ts';
import type { Commands, Evidence, Finding, Network } from '../plan/schema.ts';
import type { Claims, Inventory } from '../scan/types.ts';

/**
 * How the text of a version request is meant.
 *
 * - `semver`: an npm range (`^22.3`, `>=18 <21 || 22.x`)
 * - `pep440`: a Python specifier set (`>=3.9,<3.13`, `~=3.11`, `==3.12.*`)
 * - `poetry`: Poetry's constraints (`^3.10`, `~3.11`, `>=3.8,<4.0`, `3.11.*`)
 * - `cabal`, `opam`, `nimble`, `shards`: constraints as those tools have them (src/versions/constraints.ts)
 * - `gem`: requirements of RubyGems (`~> 3.2`, `>= 3.1, < 4`, `3.3.6`)
 * - `composer`: Composer's constraints (`^8.1`, `~8.2.0`, `>=7.4 <8.3`, `^7.4 || ^8.0`)
 * - `hex`: an Elixir requirement (`~> 1.14`, `>= 1.0.0 and < 2.0.0`)
 * - `julia`: a specifier of Julia's package manager (`1.6`, `~1.9, 1.11`)
 * - `terraform`: Terraform's constraints (`>= 1.2, < 2.0`, `~> 1.5`)
 * - `prefix`: a version or its beginning (`22`, `3.11`, `1.22.3`, `v18.17`)
 * - `minimum`: at least this (`go 1.22`, `rust-version = "1.70"`)
 * - `onwards`: this, else the nearest newer one that is supported (`3.7`)
 * - `exact`: precisely this (`pnpm@9.1.0`, `channel = "1.75.0"`)
 * - `java`: a version of Java or its beginning, with or without its vendor (`1.8`, `8u392`, `temurin-21.0.3`)
 * - `java-target`: code for this release of Java, which newer JDKs compile too; its own comes first (`17`)
 * - `java-range`: versions of Java as Maven's enforcer writes them (`[17,22)`; `17` is at least 17)
 * - `maven`: the same of anything else
 * - `alias`: a name (`lts/*`, `lts/hydrogen`, `node`, `latest`, `stable`, `nightly-2024-05-01`)
 */
export type VersionScheme =
  | 'semver'
  | 'pep440'
  | 'poetry'
  | 'cabal'
  | 'opam'
  | 'nimble'
  | 'shards'
  | 'gem'
  | 'composer'
  | 'hex'
  | 'julia'
  | 'terraform'
  | 'prefix'
  | 'minimum'
  | 'onwards'
  | 'exact'
  | 'java'
  | 'java-target'
  | 'java-range'
  | 'maven'
  | 'alias';

export interface VersionRequest {
  raw: string;
  scheme: VersionScheme;
  because: Evidence;
  /**
   * Not the language's own files say it but the repository's surroundings: it decides within what those leave open.
   * `among`: others are in use beside it (a matrix), so that another version is no contradiction.
   */
  stated?: 'alone' | 'among';
  /**
   * No bound, but what the project was tested with: where that has reached its end of life, the nearest supported
   * version from this one on answers instead, unless a bound forbids it.
   */
  testedUpTo?: string;
}

/** A language's runtime or compiler, for one project. */
export interface ToolchainNeed {
  kind: 'toolchain';
  id: string;
  /** Path of the project, "." for the root. */
  project: string;
  /** In the order of precedence of the language's own tools; the first decides, the others are checked. */
  requests: VersionRequest[];
  because: Evidence[];
  /** Only an example or a test folder needs it. */
  optional?: boolean;
  /**
   * A statement of the environment, not of the language: where the language's own files need it too, they decide, and
   * its requests come last. `where-needed`: it adds nothing where no file of the language asks for the toolchain.
   */
  stated?: true | 'where-needed';
  /** Components beyond the default set: Rust's `wasm32-unknown-unknown` target, PHP's `composer`. */
  components?: string[];
  /** What it is composed with, by its name in the toolchain's own set: `imagick` of PHP. */
  extensions?: { name: string; because: Evidence[] }[];
}

/** A package of a distribution, by its name there, before it is known which projects it is for. */
export interface SystemPackageNeed {
  kind: 'system-package';
  name: string;
  /** The folder that was spoken of. */
  folder: string;
  /** Toolchains of the image that it is installed in; none where that is a plain system. */
  languages: readonly string[];
  because: Evidence[];
}

export interface PackageManagerNeed {
  kind: 'package-manager';
  id: string;
  project: string;
  requests: VersionRequest[];
  /** Path of the lock file that decided, if any. */
  lockfile: string | null;
  /**
   * The repository has a script that fetches precisely the version that is asked for, and runs it on this toolchain:
   * no package is needed.
   */
  fetchedFor?: string;
  because: Evidence[];
}

/** A dependency whose name the catalogue knows to need something native. */
export interface DependencyNeed {
  kind: 'dependency';
  ecosystem: NativeEcosystem;
  name: string;
  /** Locked version where a lock file says it, else null. */
  version: string | null;
  project: string;
  /** The build fails without it, as far as that is known. */
  isRequired?: true;
  because: Evidence[];
}

/** A command line tool by its id in the catalogue (`just`, `protobuf`). */
export interface ToolNeed {
  kind: 'tool';
  id: string;
  project: string;
  because: Evidence[];
}

/** A C compiler (with its wrapper) is needed, beyond what dependencies say. */
export interface CompilerNeed {
  kind: 'compiler';
  project: string;
  /** Canonical attributes of standard environments, the first that the channel has; absent: its default one. */
  stdenvs?: string[];
  because: Evidence[];
  /** The project's own sources are C or C++. */
  isOwnCode?: true;
  /** It has sources in C, and does not say by which standard they are read. */
  hasOldC?: true;
}

/** Literal text, or a path in what answers a toolchain, or in a tool that is a need itself. */
export type ValuePart =
  | string
  | { toolchain: string; path: string; attribute?: string }
  | { tool: string; path: string; attribute?: string };

/** A variable of the environment itself. */
export interface EnvironmentVariableNeed {
  kind: 'environment-variable';
  name: string;
  value: string | readonly ValuePart[];
  project: string;
  because: Evidence[];
}

export interface ServiceNeed {
  kind: 'service';
  id: string;
  version: string | null;
  port: number | null;
  /** Who the application logs in as, and the name of its database, where something says it. */
  user?: string;
  database?: string;
  /** Only a client of it is among the dependencies: perhaps for one of several back ends. */
  isGuess?: boolean;
  because: Evidence[];
}

/** A variable of the application, from `.env.example` and the like. */
export interface ApplicationVariableNeed {
  kind: 'application-variable';
  name: string;
  value: string | null;
  required: boolean;
  because: Evidence[];
}

export interface ProjectNeed {
  kind: 'project';
  path: string;
  name: string | null;
  /** Canonical language ids, the most characteristic first. */
  languages: string[];
  frameworks: string[];
  packageManager: string | null;
  commands: Partial<Commands>;
  ports: number[];
  /** Pages about a program, packages that serve one: where one is in the same folder, that is the project. */
  isBeside?: true;
  /** Languages whose dependencies its own commands bring: what later ecosystems would install of them is left out. */
  brings?: readonly string[];
  because: Evidence[];
}

export interface NestedContainerNeed {
  kind: 'nested-container';
  container: string;
  version: string | null;
  network: Network;
  /** Whether the evidence is reason enough for a container as the target. */
  confidence: 'high' | 'low';
  because: Evidence[];
}

export interface FindingNeed extends Finding {
  kind: 'finding';
}

export type Need =
  | ToolchainNeed
  | SystemPackageNeed
  | PackageManagerNeed
  | DependencyNeed
  | ToolNeed
  | CompilerNeed
  | EnvironmentVariableNeed
  | ServiceNeed
  | ApplicationVariableNeed
  | ProjectNeed
  | NestedContainerNeed
  | FindingNeed;

/** Names of dependencies that matter, by ecosystem: what the catalogue has a row for. */
export type NativeNames = Record<DependencyNeed['ecosystem'], ReadonlySet<string>>;

/** What a detector sees. All paths are from the root; folders have no trailing slash, the root is ".". */
export interface DetectContext {
  inventory: Inventory;
  native: NativeNames;
  /** No ecosystem has found a project: those that go by names alone are asked. */
  isLast?: true;
}

/** One ecosystem's pure function from what was scanned to needs. */
export type Detect = (context: DetectContext) => Need[] | Promise<Need[]>;

/** One ecosystem: which files announce it, and its code, loaded only when one of them is there. */
export interface Detector {
  id: string;
  claims: Claims;
  /**
   * Files that announce it only where no ecosystem has found a project: names too common to say anything beside a
   * manifest (`index.html`, `*.sh`). Until then they are neither read nor inputs.
   */
  last?: Claims;
  /**
   * What it reads may name the tools of any ecosystem: the catalogues of those that are named are loaded once it has
   * been read, instead of all that might be.
   */
  namesTools?: true;
  load(): Promise<Detect>;
}
