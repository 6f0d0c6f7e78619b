/** Which of the two programs a repository is for, and which version of it. */
import type { Evidence } from '../../plan/schema.ts';
import { evidence, presence } from '../evidence.ts';
import { isBelow, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import { programsCalled, scriptLines } from '../tasks/scripts.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import { terraformVersionFiles } from './claims.ts';
import { type TerraformModule, type Terragrunt, terragruntOf } from './modules.ts';

export type Program = 'terraform' | 'opentofu';

/** What the repository as a whole says, for modules that do not say it themselves; looked for once. */
export interface Repository {
  terragrunt: Terragrunt | null;
  /** Why its modules are OpenTofu's. */
  tofu(): Promise<Evidence | null>;
  /** The version of a program that a workflow sets up. */
  workflows: Readonly<Record<Program, VersionRequest[]>>;
}

export function repositoryOf(context: DetectContext): Repository {
  const terragrunt = terragruntOf(context);
  let tofu: Promise<Evidence | null> | undefined;
  return {
    terragrunt,
    tofu: () => {
      tofu ??= tofuOf(context, terragrunt);
      return tofu;
    },
    workflows: {
      terraform: workflowVersion(context, 'terraform_version'),
      opentofu: workflowVersion(context, 'tofu_version'),
    },
  };
}

async function tofuOf(context: DetectContext, terragrunt: Terragrunt | null): Promise<Evidence | null> {
  if (terragrunt?.tofu != null) return terragrunt.tofu;
  const lines = await scriptLines(context.inventory);
  const called = lines.find(({ text }) => programsCalled(text).includes('tofu'));
  if (called !== undefined) return evidence(called.file, called.line(), 'terraform/recipe');
  return workflowLine(context, /\bopentofu\/setup-opentofu@/)?.because ?? null;
}

/** Why a module is OpenTofu's; null where it is Terraform's. */
export async function tofuEvidence(
  { inventory }: DetectContext,
  { folder, path, lock, hasTofu }: TerraformModule,
  repository: Repository,
): Promise<Evidence | null> {
  const own = nearest(inventory, folder, terraformVersionFiles.opentofu);
  if (own !== null) return presence(own.path, 'terraform/opentofu-version');
  if (hasTofu) return presence(path, 'terraform/tofu-file');
  const at = lock?.text?.split('\n').findIndex((line) => line.startsWith('provider "registry.opentofu.org/'));
  if (lock !== null && at !== undefined && at !== -1)
    return evidence(lock, at + 1, 'terraform/lock-registry');
  const [shared] = await versionFileRequests(inventory, folder, ['opentofu', 'tofu']);
  return shared?.because ?? repository.tofu();
}

/**
 * Requests in the order of tenv and tfenv: version files, then the configuration's own constraints, which the
 * program itself checks; a workflow's version last.
 */
export async function terraformRequests(
  { inventory }: DetectContext,
  program: Program,
  { folder, constraints }: TerraformModule,
  { terragrunt, workflows }: Repository,
): Promise<VersionRequest[]> {
  const file = nearest(inventory, folder, terraformVersionFiles[program]);
  const names = program === 'terraform' ? ['terraform'] : ['opentofu', 'tofu'];
  return [
    ...(file === null ? [] : ownVersion(file)),
    ...(await versionFileRequests(inventory, folder, names)),
    ...constraints,
    ...(terragrunt?.constraints ?? []),
    ...workflows[program],
  ];
}

/** The first line of a version file; `latest` and `min-required` leave it to the constraints. */
function ownVersion(file: NonNullable<ReturnType<typeof nearest>>): VersionRequest[] {
  const lines = (file.text ?? '').split(/\r?\n/);
  const at = lines.findIndex((line) => !/^\s*(#|$)/.test(line));
  const raw = lines[at]?.trim() ?? '';
  if (!/^[v~=<>! ]*\d[\w.,~=<>! +-]*$/.test(raw) || raw.length > 100) return [];
  return [{ raw, scheme: 'terraform', because: evidence(file, at + 1, 'terraform/version-file') }];
}

function workflowVersion(context: DetectContext, key: string): VersionRequest[] {
  const setting = new RegExp(`^\\s*${key}:\\s*["']?(?<version>[~=<>]{0,2}\\s?\\d[\\w.]*)["']?\\s*(?:#.*)?$`);
  const found = workflowLine(context, setting);
  return found === null ? [] : [found];
}

function workflowLine({ inventory }: DetectContext, pattern: RegExp): VersionRequest | null {
  for (const file of inventory.files.values()) {
    if (!isBelow(file.path, '.github/workflows') || file.text === null) continue;
    const lines = file.text.split('\n');
    const at = lines.findIndex((line) => line.length < 500 && pattern.test(line));
    if (at === -1) continue;
    const raw = pattern.exec(lines[at] ?? '')?.groups?.version ?? '';
    return { raw, scheme: 'terraform', because: evidence(file, at + 1, 'terraform/workflow') };
  }
  return null;
}
