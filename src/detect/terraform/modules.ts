/** Folders of Terraform's configuration, and what it says of itself. */
import { append } from '../../append.ts';
import { type HclBlock, parseHcl } from '../../parse/hcl.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { depthOf, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { DetectContext, VersionRequest } from '../types.ts';

export interface TerraformModule {
  folder: string;
  /** Names the files that make it one. */
  path: string;
  lock: ClaimedFile | null;
  /** A root module says where its state is. */
  hasBackend: boolean;
  /** What only OpenTofu reads. */
  hasTofu: boolean;
  constraints: VersionRequest[];
}

/** Modules of other modules, by the usual name of their folder. */
const called = /(^|\/)(modules|\.terraform|\.terragrunt-cache)(\/|$)/;

/**
 * Root modules, which `init` is run in: those with a lock file or a backend; where none has either, those that lie
 * nearest to the root and are not called by others. Examples only where there is nothing else.
 */
export function rootModules(context: DetectContext): { modules: TerraformModule[]; areSide: boolean } {
  const all = allModules(context).filter(({ folder }) => !called.test(folder));
  const main = all.filter(({ folder }) => !isSideFolder(folder));
  const candidates = main.length > 0 ? main : all;
  const marked = candidates.filter(({ lock, hasBackend }) => lock !== null || hasBackend);
  const depth = candidates.reduce(
    (least, { folder }) => Math.min(least, depthOf(folder)),
    Number.POSITIVE_INFINITY,
  );
  const modules = marked.length > 0 ? marked : candidates.filter(({ folder }) => depthOf(folder) === depth);
  return { modules, areSide: main.length === 0 };
}

function allModules(context: DetectContext): TerraformModule[] {
  const modules = new Map<string, TerraformModule>();
  for (const file of context.inventory.files.values()) {
    if (!/\.(?:tf|tofu)$/.test(file.path)) continue;
    const folder = folderOf(file.path);
    const known = modules.get(folder) ?? {
      folder,
      path: file.path,
      lock: null,
      hasBackend: false,
      hasTofu: false,
      constraints: [],
    };
    modules.set(folder, known);
    if (file.path.endsWith('.tofu')) known.hasTofu = true;
    for (const block of settings(file)) {
      if (block.blocks.some(({ type }) => type === 'backend' || type === 'cloud')) known.hasBackend = true;
      append(known.constraints, constraintsOf(file, block, 'required_version', 'terraform/required-version'));
    }
  }
  for (const lock of filesNamed(context, ['.terraform.lock.hcl'])) {
    const module = modules.get(folderOf(lock.path));
    if (module !== undefined) module.lock = lock;
  }
  return [...modules.values()];
}

/** The `terraform` blocks of a file; most have none and are not parsed. */
function settings({ text }: ClaimedFile): HclBlock[] {
  if (text === null || !/\bterraform\b/.test(text)) return [];
  return parseHcl(text).blocks.filter(({ type, labels }) => type === 'terraform' && labels.length === 0);
}

export function constraintsOf(
  file: ClaimedFile,
  block: HclBlock,
  argument: string,
  rule: string,
): VersionRequest[] {
  return block.strings
    .filter(({ name }) => name === argument)
    .map(({ value, line }) => ({ raw: value, scheme: 'terraform', because: evidence(file, line, rule) }));
}

export interface Terragrunt {
  because: Evidence;
  /** Of Terraform or OpenTofu. */
  constraints: VersionRequest[];
  /** Where it names OpenTofu as what it runs. */
  tofu: Evidence | null;
}

/** https://terragrunt.gruntwork.io/docs/reference/hcl/attributes/ */
export function terragruntOf(context: DetectContext): Terragrunt | null {
  const files = filesNamed(context, ['terragrunt.hcl', 'root.hcl']).filter(
    ({ path, text }) => !isSideFolder(folderOf(path)) && text !== null,
  );
  const [first] = files.filter(({ path }) => nameOf(path) === 'terragrunt.hcl');
  if (first === undefined) return null;
  const parsed = files.map((file) => ({ file, root: parseHcl(file.text ?? '') }));
  const binaries = parsed.flatMap(({ file, root }) =>
    root.strings
      .filter(({ name, value }) => name === 'terraform_binary' && /(^|\/)tofu$/.test(value))
      .map(({ line }) => evidence(file, line, 'terraform/terragrunt-binary')),
  );
  return {
    because: { file: first.path, line: null, text: '', rule: 'terraform/terragrunt' },
    constraints: parsed.flatMap(({ file, root }) =>
      constraintsOf(file, root, 'terraform_version_constraint', 'terraform/terragrunt-constraint'),
    ),
    tofu: binaries[0] ?? null,
  };
}
