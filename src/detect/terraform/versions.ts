/** Which of the two programs a repository is for, and which version of it. */
import type { Evidence } from '../../plan/schema.ts';
import { evidence, presence } from '../evidence.ts';
import { isBelow, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import { programsCalled, scriptLines } from '../tasks/scripts.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import { terraformVersionFiles } from './claims.ts';
import type { TerraformModule, Terragrunt } from './modules.ts';

export type Program = 'terraform' | 'opentofu';

/** Why a module is OpenTofu's; null where it is Terraform's. */
export async function tofuEvidence(
  context: DetectContext,
  { folder, path, lock, hasTofu }: TerraformModule,
  terragrunt: Terragrunt | null,
): Promise<Evidence | null> {
  const { inventory } = context;
  const own = nearest(inventory, folder, terraformVersionFiles.opentofu);
  if (own !== null) return presence(own.path, 'terraform/opentofu-version');
  if (hasTofu) return presence(path, 'terraform/tofu-file');
  const at = lock?.text?.split('\n').findIndex((line) => line.startsWith('provider "registry.opentofu.org/'));
  if (lock !== null && at !== undefined && at !== -1)
    return evidence(lock, at + 1, 'terraform/lock-registry');
  const [shared] = await versionFileRequests(inventory, folder, ['opentofu', 'tofu']);
  if (shared !== undefined) return shared.because;
  if (terragrunt?.tofu != null) return terragrunt.tofu;
  const called = (await scriptLines(inventory)).find(({ text }) => programsCalled(text).includes('tofu'));
  if (called !== undefined) return evidence(called.file, called.line(), 'terraform/recipe');
  return workflowLine(context, /\bopentofu\/setup-opentofu@/, 'terraform/workflow')?.because ?? null;
}

/**
 * Requests in the order of tenv and tfenv: version files, then the configuration's own constraints, which the
 * program itself checks; a workflow's version last.
 */
export async function terraformRequests(
  context: DetectContext,
  program: Program,
  { folder, constraints }: TerraformModule,
  terragrunt: Terragrunt | null,
): Promise<VersionRequest[]> {
  const { inventory } = context;
  const file = nearest(inventory, folder, terraformVersionFiles[program]);
  const names = program === 'terraform' ? ['terraform'] : ['opentofu', 'tofu'];
  const key = program === 'terraform' ? 'terraform_version' : 'tofu_version';
  const setting = new RegExp(`^\\s*${key}:\\s*["']?(?<version>[~=<>]{0,2}\\s?\\d[\\w.]*)["']?\\s*(?:#.*)?$`);
  const workflow = workflowLine(context, setting, 'terraform/workflow');
  return [
    ...(file === null ? [] : ownVersion(file)),
    ...(await versionFileRequests(inventory, folder, names)),
    ...constraints,
    ...(terragrunt?.constraints ?? []),
    ...(workflow === null ? [] : [workflow]),
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

function workflowLine({ inventory }: DetectContext, pattern: RegExp, rule: string): VersionRequest | null {
  for (const file of inventory.files.values()) {
    if (!isBelow(file.path, '.github/workflows') || file.text === null) continue;
    const lines = file.text.split('\n');
    const at = lines.findIndex((line) => line.length < 500 && pattern.test(line));
    if (at === -1) continue;
    const raw = pattern.exec(lines[at] ?? '')?.groups?.version ?? '';
    return { raw, scheme: 'terraform', because: evidence(file, at + 1, rule) };
  }
  return null;
}
