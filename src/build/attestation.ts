import { withoutPassword } from '../text/address.ts';
import type { Built } from './build.ts';
import type { PathInfo } from './closure.ts';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const statementType = 'https://in-toto.io/Statement/v1';
export const predicateType = 'https://nidify.dev/sandboxed-build/v1';

/** A remote builder, and what is known of its sandbox. */
export interface ShownBuilder {
  builder: string;
  /** `unproved`: no canary was built there; the reason says why. */
  sandbox: 'held' | 'unproved';
  control: 'reached' | 'inconclusive';
  reason: string | null;
  /** Derivations that it built in this run. */
  derivations: number;
}

/** The builders that were asked for or used, with what a canary on each showed. */
export function buildersOf({ proof, origins }: Pick<Built, 'proof' | 'origins'>): ShownBuilder[] {
  const counts = new Map<string, number>();
  for (const origin of origins) {
    if (origin.kind !== 'built' || origin.machine === null) continue;
    const name = withoutPassword(origin.machine);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const known = proof.builders.map(({ builder, sandbox, control, reason }) => {
    const derivations = counts.get(builder) ?? 0;
    counts.delete(builder);
    return { builder, sandbox, control, reason, derivations };
  });
  const others = [...counts].map(([builder, derivations]): ShownBuilder => {
    const reason = 'the Nix daemon chose it: no canary was built there';
    return { builder, sandbox: 'unproved', control: 'inconclusive', reason, derivations };
  });
  return [...known, ...others];
}

/** Where one store path came from. */
interface PathOrigin {
  path: string;
  narHash: string;
  /**
   * - `built`: in this store's own sandbox
   * - `built-remotely`: on the builder that is named
   * - `substituted`: from the cache that is named, or signed by the keys that are named
   * - `added`: put into the store without a build and without a signature
   */
  origin: 'built' | 'built-remotely' | 'substituted' | 'added';
  builder: string | null;
  substituter: string | null;
  signedBy: string[];
  /** The run that this statement is about did it; false: an earlier one. */
  inThisRun: boolean;
}

export interface Statement {
  _type: typeof statementType;
  subject: { name: string; digest: { sha256: string } }[];
  predicateType: typeof predicateType;
  predicate: {
    generator: { name: string; version: string };
    /** Null where a flake of the repository's own was built. */
    planDigest: string | null;
    /** Of the files of such a flake, as Nix computes it. */
    sourceHash: string | null;
    environment: string;
    system: string;
    nixVersion: string;
    sandbox: {
      held: true;
      /** This machine's; false: it builds nothing itself. */
      here: boolean;
      control: string;
      controlFound: string[];
      provedAt: string;
      settings: string[];
      builders: ShownBuilder[];
    };
    paths: PathOrigin[];
  };
}

/** What something was built from: a plan, or the files of the repository's own flake. */
export type StatementSource = { generator: { name: string; version: string } } & (
  | { repository: { digest: string } }
  | { sourceHash: string }
);

/**
 * What can be said of a build: that the sandbox was proved, and for each path of the closure where it came from.
 * The digests are SHA-256 of the NAR serialisation, as Nix computes them. It is not signed: that is the user's.
 */
export function statementOf(built: Built, source: StatementSource): Statement {
  const subject = built.paths.find(({ path }) => path === built.storePath);
  const origins = new Map<string, Built['origins'][number]>();
  for (const origin of built.origins) {
    origins.set(origin.kind === 'built' ? origin.derivation : origin.path, origin);
  }
  const { here, control, controlFound } = built.proof;
  return {
    _type: statementType,
    subject: [{ name: built.storePath, digest: { sha256: hexOf(subject?.narHash ?? '') } }],
    predicateType,
    predicate: {
      generator: source.generator,
      planDigest: 'repository' in source ? source.repository.digest : null,
      sourceHash: 'sourceHash' in source ? source.sourceHash : null,
      environment: built.name,
      system: built.system,
      nixVersion: built.nixVersion,
      sandbox: {
        held: true,
        here,
        control,
        controlFound,
        provedAt: built.provedAt,
        settings: ['sandbox = true', 'sandbox-fallback = false'],
        builders: buildersOf(built),
      },
      paths: built.paths.map((info) => originOf(info, origins)),
    },
  };
}

function originOf(info: PathInfo, origins: ReadonlyMap<string, Built['origins'][number]>): PathOrigin {
  const { path, narHash, signedBy } = info;
  const common = { path, narHash, builder: null, substituter: null, signedBy, inThisRun: true };
  const known = origins.get(path) ?? (info.deriver === null ? undefined : origins.get(info.deriver));
  if (known?.kind === 'substituted')
    return { ...common, origin: 'substituted', substituter: withoutPassword(known.from) };
  if (known?.kind === 'built' && known.machine !== null) {
    return { ...common, origin: 'built-remotely', builder: withoutPassword(known.machine) };
  }
  if (known?.kind === 'built') return { ...common, origin: 'built' };
  const earlier = { ...common, inThisRun: false };
  if (info.ultimate) return { ...earlier, origin: info.deriver === null ? 'added' : 'built' };
  return { ...earlier, origin: signedBy.length > 0 ? 'substituted' : 'added' };
}

function hexOf(sri: string): string {
  return Buffer.from(sri.replace(/^sha256-/, ''), 'base64').toString('hex');
}
