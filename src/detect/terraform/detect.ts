/** Terraform, OpenTofu and Terragrunt: docs/ecosystems/terraform.md. */
import { append } from '../../append.ts';
import type { Commands } from '../../plan/schema.ts';
import { atLeast, coverage } from '../../versions/interval.ts';
import { readRequest } from '../../versions/request.ts';
import { evidence, presence } from '../evidence.ts';
import { pathsBelow } from '../shared/paths.ts';
import { fileIn, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';
import { terraformVersionFiles } from './claims.ts';
import { rootModules, type TerraformModule } from './modules.ts';
import { type Program, repositoryOf, terraformRequests, tofuEvidence } from './versions.ts';

export const detectTerraform: Detect = async (context) => {
  const { modules, areSide } = rootModules(context);
  const repository = repositoryOf(context);
  const { terragrunt } = repository;
  const needs: Need[] = [];
  const unfree: TerraformModule[] = [];
  for (const module of modules) {
    const { folder, path, lock } = module;
    const tofu = await tofuEvidence(context, module, repository);
    const program: Program = tofu === null ? 'terraform' : 'opentofu';
    const requests = await terraformRequests(context, program, module, repository);
    const because = [tofu ?? presence(lock?.path ?? path, 'terraform/module')];
    needs.push({
      kind: 'toolchain',
      id: program,
      project: folder,
      requests,
      because,
      ...(areSide ? { optional: true } : {}),
    });
    if (areSide) continue;
    if (program === 'terraform' && !isFree(requests)) unfree.push(module);
    needs.push({
      kind: 'project',
      path: folder,
      name: null,
      languages: ['terraform'],
      frameworks: terragrunt === null ? [] : ['terragrunt'],
      packageManager: null,
      commands: commandsOf(context, program, module),
      ports: [],
      because,
    });
  }
  if (terragrunt !== null && !areSide) {
    needs.push({ kind: 'tool', id: 'terragrunt', project: '.', because: [terragrunt.because] });
    append(needs, await terragruntVersion(context));
  }
  if (unfree[0] !== undefined) needs.push(licence(unfree[0]));
  return needs;
};

/** https://developer.hashicorp.com/terraform/cli/commands, https://opentofu.org/docs/cli/commands/ */
function commandsOf(
  { inventory }: DetectContext,
  program: Program,
  { folder, lock }: TerraformModule,
): Partial<Commands> {
  const name = program === 'terraform' ? 'terraform' : 'tofu';
  const start = folder === '.' ? 0 : folder.length + 1;
  const hasTests = pathsBelow(inventory, folder).some((path) =>
    /^(tests\/)?[^/]+\.(tftest|tofutest)\.hcl$/.test(path.slice(start)),
  );
  const hasLinter = nearest(inventory, folder, ['.tflint.hcl']) !== null;
  return {
    install: `${name} init -backend=false -input=false${lock === null ? '' : ' -lockfile=readonly'}`,
    test: `${name} ${hasTests ? 'test' : 'validate'}`,
    lint: hasLinter ? 'tflint --recursive' : `${name} fmt -check -recursive`,
  };
}

/** One version of Terragrunt is in each channel: a request is told, not answered. */
async function terragruntVersion({ inventory }: DetectContext): Promise<FindingNeed[]> {
  const file = terraformVersionFiles.terragrunt
    .map((name) => fileIn(inventory, '.', name))
    .find((each) => each);
  const [shared] = await versionFileRequests(inventory, '.', ['terragrunt']);
  const raw = file?.text?.trim() ?? shared?.raw;
  const because = file == null ? shared?.because : evidence(file, 1, 'terraform/terragrunt-version');
  if (raw === undefined || because === undefined) return [];
  return [
    {
      kind: 'finding',
      code: 'tool-version',
      severity: 'info',
      message: `terragrunt ${raw.slice(0, 40)} is asked for: nixpkgs has one version of it, which may be another`,
      hint: null,
      because: [because],
    },
  ];
}

/** Whether the request that decides leaves no version that is not free software. */
function isFree([request]: readonly VersionRequest[]): boolean {
  const wish = request === undefined ? null : readRequest(request);
  return wish?.kind === 'set' && wish.set.length > 0 && coverage(wish.set, atLeast([1, 6])) === 'none';
}

/** From 1.6 on under the Business Source License, so in no binary cache: https://www.hashicorp.com/license-faq */
function licence({ path, lock }: TerraformModule): FindingNeed {
  return {
    kind: 'finding',
    code: 'terraform-unfree',
    severity: 'info',
    message:
      'terraform is no free software from 1.6 on: it is permitted by name, and compiled on every machine',
    hint: 'OpenTofu is free and in the binary cache: a file .opentofu-version asks for it.',
    because: [presence(lock?.path ?? path, 'terraform/module')],
  };
}
