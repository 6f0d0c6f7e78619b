/** Terraform, OpenTofu and Terragrunt: expectations from their own documentation. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const required = (constraint: string) =>
  `terraform {\n  required_version = "${constraint}"\n  backend "s3" {}\n}\n`;
const lock = (registry: string) =>
  `provider "registry.${registry}/hashicorp/random" {\n  version = "3.6.0"\n  hashes = [\n    "h1:a",\n  ]\n}\n`;

describe('Terraform', () => {
  it('of a version before 1.6 is free software, from the channel that has it', async () => {
    const found = await understood({ 'main.tf': required('~> 0.13.0') });
    expect(found.toolchains).toEqual(['terraform-0.13 compatible']);
    expect(found.plan.toolchains[0]).toMatchObject({ attribute: 'terraform_0_13', input: 'nixpkgs-21_11' });
    expect(found.codes).toEqual(['runtime-end-of-life']);
  });

  it('takes the constraint of the root module, and its lock file', async () => {
    const found = await understood({
      'main.tf': 'resource "random_id" "a" {}\n',
      'versions.tf': required('>= 1.5'),
      '.terraform.lock.hcl': lock('terraform.io'),
    });
    expect(found).toMatchObject({
      toolchains: ['terraform-default compatible'],
      languages: ['terraform'],
      root: {
        install: 'terraform init -backend=false -input=false -lockfile=readonly',
        test: 'terraform validate',
        lint: 'terraform fmt -check -recursive',
      },
      codes: ['terraform-unfree'],
      inputs: ['.terraform.lock.hcl', 'versions.tf'],
    });
    expect(found.plan.nixpkgs[0]?.permit.unfree).toEqual(['terraform']);
    expect(found.plan.toolchains[0]?.because[0]).toMatchObject({ file: 'versions.tf', line: 2 });
  });

  it('takes a version file before the constraint, and checks the constraint', async () => {
    const found = await understood({
      'main.tf': required('~> 1.6.0'),
      '.terraform-version': '1.9.8\n',
    });
    expect(found.toolchains).toEqual(['terraform-1.9 assumed']);
    expect(found.plan.toolchains[0]?.input).toBe('nixpkgs-24_11');
    expect(found.codes).toContain('version-contradiction');
  });

  it('says that a version is in no channel', async () => {
    const found = await understood({ 'main.tf': required('~> 1.5.0') });
    expect(found.toolchains[0]).toMatch(/ nearest$/);
    expect(found.codes).toContain('version-nearest');
    const floating = await understood({ 'main.tf': '', '.terraform-version': 'latest:^1.5\n' });
    expect(floating.toolchains[0]).toMatch(/^terraform-/);
  });

  it('has tests, a linter and Terragrunt where their files are', async () => {
    const found = await understood({
      'main.tf': required('>= 1.6'),
      'tests/main.tftest.hcl': 'run "a" {}\n',
      '.tflint.hcl': 'plugin "terraform" { enabled = true }\n',
      'terragrunt.hcl': 'terraform_version_constraint = ">= 1.6"\n',
    });
    expect(found.root).toMatchObject({ test: 'terraform test', lint: 'tflint --recursive' });
    expect(found.tools.sort()).toEqual(['terragrunt', 'tflint']);
  });

  it('has a project in each root module, none in the modules that they call', async () => {
    const found = await understood({
      'environments/prod/main.tf': required('>= 1.6'),
      'environments/staging/main.tf': required('>= 1.6'),
      'modules/network/main.tf': 'variable "cidr" {}\n',
      'modules/network/versions.tf': 'terraform {\n  required_version = ">= 1.3"\n}\n',
    });
    expect(found.projects).toEqual(['environments/prod', 'environments/staging']);
    expect(found.toolchains).toHaveLength(1);
  });

  it('beside an application is a project of its own', async () => {
    const found = await understood({
      'package.json': '{"name":"shop"}',
      'infra/main.tf': required('>= 1.6'),
      'infra/.terraform.lock.hcl': lock('terraform.io'),
    });
    expect(found.projects).toEqual(['.', 'infra']);
    expect(found.toolchains.map((each) => each.split('-')[0])).toEqual(['node', 'terraform']);
  });

  it('of an example is no need of the repository', async () => {
    const found = await understood({
      'package.json': '{"name":"x"}',
      'examples/a/main.tf': required('>= 1'),
    });
    expect(found.toolchains).toHaveLength(1);
    expect(found.projects).toEqual(['.']);
  });

  it('that is asked for by a workflow alone is told from there', async () => {
    const found = await understood({
      'main.tf': 'resource "null_resource" "a" {}\n',
      '.github/workflows/ci.yml':
        'jobs:\n  a:\n    steps:\n      - uses: hashicorp/setup-terraform@v3\n        with:\n          terraform_version: 1.9.8\n',
    });
    expect(found.toolchains).toEqual(['terraform-1.9 assumed']);
  });
});

describe('OpenTofu', () => {
  it.each([
    ['its version file', { 'main.tf': '', '.opentofu-version': '1.9.1\n' }, 'opentofu-1.9 assumed'],
    [
      'its lock file',
      { 'main.tf': '', '.terraform.lock.hcl': lock('opentofu.org') },
      'opentofu-default default',
    ],
    ['its own files', { 'main.tofu': 'resource "a" "b" {}\n' }, 'opentofu-default default'],
    ['asdf', { 'main.tf': '', '.tool-versions': 'opentofu 1.9.0\n' }, 'opentofu-1.9 assumed'],
    [
      'Terragrunt',
      { 'main.tf': '', 'terragrunt.hcl': 'terraform_binary = "tofu"\n' },
      'opentofu-default default',
    ],
    ['a recipe', { 'main.tf': '', Makefile: 'plan:\n\ttofu plan\n' }, 'opentofu-default default'],
  ])('is used where %s says so', async (_, files, expected) => {
    const found = await understood(files);
    expect(found.toolchains).toEqual([expected]);
    expect(found.root.install).toMatch(/^tofu init /);
    expect(found.codes).not.toContain('terraform-unfree');
    expect(found.plan.nixpkgs.flatMap(({ permit }) => permit.unfree)).toEqual([]);
  });
});

it('what cannot be read is passed over', async () => {
  const found = await understood({
    'main.tf': 'terraform { required_version = "${var.x}"\n {{{',
    'b.tf': '',
  });
  expect(found.toolchains).toEqual(['terraform-default default']);
});
