import { ExitCode, NidifyError } from '../errors.ts';
import type { Lock, LockedImage, LockedPin } from '../lock/types.ts';
import type { Input, Plan, System } from '../plan/schema.ts';
import { type AttributeAnswer, evaluate, fetchTree, type NixOptions } from './nix.ts';
import { newestRevision, type Sources } from './sources.ts';

export interface UpdateOptions extends NixOptions {
  sources: Sources;
  /** Told before each step that takes time. */
  onProgress?: (text: string) => void;
}

/** Pins and versions that a plan should be made with now. */
export interface Update {
  pins: LockedPin[];
  /** Versions as Nix has them, by key of the plan. */
  versions: ReadonlyMap<string, string | null>;
}

/**
 * Finds the newest revision of every channel that a plan uses, and asks Nix for every attribute of the plan
 * in it, on every system.
 *
 * @param plan as it would be made today, lines resolved anew
 * @throws NidifyError as the steps; `attribute-gone` (exit 3) when a revision lacks something or refuses it:
 *   all of them are named, and no pin moves
 */
export async function findUpdate(plan: Plan, options: UpdateOptions): Promise<Update> {
  const { onProgress = () => {}, sources } = options;
  const pins: LockedPin[] = [];
  const versions = new Map<string, string | null>();
  const problems: Problem[] = [];
  for (const input of plan.nixpkgs) {
    onProgress(`looking for the newest ${input.channel}`);
    const rev = await newestRevision(input.channel, sources, options);
    onProgress(`fetching ${input.channel} ${rev.slice(0, 12)}`);
    const url = `${sources.tarballs}/${rev}.tar.gz`;
    const { narHash, lastModified } = await fetchTree(url, options);
    pins.push({ input: input.input, channel: input.channel, rev, narHash, lastModified });
    for (const [system, attributes] of attributesBySystem(plan, input)) {
      onProgress(`evaluating ${attributes.length} attributes of ${input.channel} for ${system}`);
      const answers = await evaluate({ url, narHash, system, ...input.permit, attributes }, options);
      problems.push(...answers.map((answer) => ({ ...answer, channel: input.channel, system })));
      noteVersions(plan, input, answers, versions);
    }
  }
  const gone = problems.filter(({ state }) => state !== 'present');
  if (gone.length > 0) throw attributeGone(gone);
  return { pins, versions };
}

/** The lock to make the next plan with: new pins, and lines with the versions that Nix gave. */
export function updatedLock(
  plan: Plan,
  { images: _before, ...made }: Lock,
  { pins, versions }: Update,
  images: LockedImage[],
): Lock {
  return {
    ...made,
    pins,
    ...(images.length === 0 ? {} : { images }),
    lines: made.lines.map((line) => {
      const version = versions.get(line.key);
      return version === undefined || version === null ? line : { ...line, version, precision: 'exact' };
    }),
    generator: plan.generator,
  };
}

function partsOf(plan: Plan, { input }: Input) {
  return [...plan.toolchains, ...plan.packageManagers, ...plan.libraries, ...plan.tools].filter(
    (part) => part.input === input,
  );
}

function attributesBySystem(plan: Plan, input: Input): [System, string[]][] {
  const parts = partsOf(plan, input);
  return plan.systems
    .map((system): [System, string[]] => {
      const used = parts.filter((part) => part.systems === null || part.systems.includes(system));
      return [system, [...new Set(used.map(({ attribute }) => attribute))]];
    })
    .filter(([, attributes]) => attributes.length > 0);
}

/** The first system that has an attribute says its version. */
function noteVersions(
  plan: Plan,
  input: Input,
  answers: readonly AttributeAnswer[],
  versions: Map<string, string | null>,
): void {
  const byAttribute = new Map(answers.map(({ attribute, version }) => [attribute, version]));
  for (const tool of [...plan.toolchains, ...plan.packageManagers]) {
    const version = byAttribute.get(tool.attribute);
    // What comes with a language has a version of its own, which its attribute does not say.
    const isBundled = 'bundledWith' in tool && tool.bundledWith !== null;
    if (tool.input !== input.input || version === undefined || isBundled || versions.has(tool.key)) continue;
    versions.set(tool.key, version);
  }
}

interface Problem extends AttributeAnswer {
  channel: string;
  system: System;
}

const problemWords: Record<AttributeAnswer['state'], string> = {
  present: '',
  missing: 'is not there any more',
  refused: 'is refused (insecure, unfree or not for this system)',
};

function attributeGone(problems: readonly Problem[]): NidifyError {
  const systems = new Map<string, System[]>();
  for (const { attribute, state, channel, system } of problems) {
    const text = `${attribute} ${problemWords[state]} in the newest ${channel}`;
    systems.set(text, [...(systems.get(text) ?? []), system]);
  }
  return new NidifyError({
    code: 'attribute-gone',
    message: ['nothing was updated:', ...[...systems].map(([text, on]) => `${text} (${on.join(', ')})`)].join(
      '\n',
    ),
    hint: 'Take a newer nidify, whose catalogue knows where it went; or say in nidify.jsonc another version, or "systems" that have it.',
    exitCode: ExitCode.unserved,
  });
}
