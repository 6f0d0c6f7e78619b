import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { NidifyError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/plan/schema.ts';
import { actions, nixImage } from '../../../src/render/ci/actions.ts';
import { integrationFiles, integrations, integrationsIn } from '../../../src/render/ci/files.ts';
import { renderIntegrations } from '../../../src/render/ci/render.ts';
import { planOf } from '../../support/plan.ts';
import { hostile, seed } from '../hostile.ts';
import { monorepo, project } from './plans.ts';

const [github] = integrationFiles.github;
const [gitlab] = integrationFiles.gitlab;
const [forgejo] = integrationFiles.forgejo;
const [copilot] = integrationFiles.agents;
const workflows = [github, forgejo, copilot];

function textOf(plan: Plan, path: string): string {
  const file = renderIntegrations(plan, integrations).find((each) => each.path === path);
  if (file === undefined) throw new Error(`${path} is not written`);
  return file.text;
}

const stepSchema = z.object({
  name: z.string(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflowSchema = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  jobs: z.record(
    z.string(),
    z.object({
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      permissions: z.record(z.string(), z.string()).optional(),
      steps: z.array(stepSchema),
    }),
  ),
});
const gitlabSchema = z.object({ nidify: z.object({ script: z.array(z.string()) }).loose() });

function jobOf(plan: Plan, path: string) {
  const workflow = workflowSchema.parse(parse(textOf(plan, path)));
  const [job, ...others] = Object.entries(workflow.jobs);
  if (job === undefined || others.length > 0) throw new Error('not one job');
  return { workflow, name: job[0], job: job[1] };
}

const runsOf = (plan: Plan, path: string) =>
  jobOf(plan, path).job.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const scriptOf = (plan: Plan) => gitlabSchema.parse(parse(textOf(plan, gitlab))).nidify.script;

function workflowErrors(name: string, content: string): string[] {
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

const gitlabJson: unknown = JSON.parse(
  readFileSync(new URL('../../schemas/gitlab-ci.json', import.meta.url), 'utf8'),
);
const isGitlabCi = new Ajv({ strict: false, validateFormats: false }).compile(
  z.looseObject({}).parse(gitlabJson),
);

describe('the workflows', () => {
  test.each(workflows)('%s is one that the parser of GitHub takes', (path) => {
    expect(workflowErrors(path, textOf(monorepo(), path))).toEqual([]);
  });

  test('that parser finds what is wrong', () => {
    expect(workflowErrors('a.yml', textOf(monorepo(), github).replace('runs-on', 'runs-in'))).not.toEqual([]);
    expect(
      workflowErrors('a.yml', textOf(monorepo(), github).replace('github.ref', 'githb.ref')),
    ).not.toEqual([]);
  });

  test('the job for GitLab is what its schema describes', () => {
    expect(isGitlabCi(parse(textOf(monorepo(), gitlab))), JSON.stringify(isGitlabCi.errors)).toBe(true);
    expect(isGitlabCi({ nidify: { script: [{}] } })).toBe(false);
  });

  test.each([github, forgejo])('%s checks, builds, and runs the commands of every project', (path) => {
    expect(runsOf(monorepo(), path).slice(path === forgejo ? 1 : 0)).toEqual([
      'npx --yes nidify@0.1.0 check',
      'npx --yes nidify@0.1.0 build --prove',
      "npx --yes nidify@0.1.0 run -C . -- sh -c 'npm ci'",
      "npx --yes nidify@0.1.0 run -C . -- sh -c 'npm run build'",
      "npx --yes nidify@0.1.0 run -C . -- sh -c 'npm test'",
      `npx --yes nidify@0.1.0 run -C . '--project=services/api' -- sh -c 'cd "$1" || exit 1\nuv sync' sh "$PWD"/services/api`,
      `npx --yes nidify@0.1.0 run -C . '--project=services/api' -- sh -c 'cd "$1" || exit 1\nuv run pytest' sh "$PWD"/services/api`,
      `npx --yes nidify@0.1.0 run -C . -- sh -c 'cd "$1" || exit 1\nnpm ci' sh "$PWD"/packages/ui`,
    ]);
  });

  test('the job for GitLab runs the same, with Node.js from the pinned nixpkgs', () => {
    expect(
      scriptOf(monorepo()).map((line) => `npx --yes nidify@0.1.0${line.slice('nidify'.length)}`),
    ).toEqual(runsOf(monorepo(), github));
    expect(textOf(monorepo(), gitlab)).toContain(`github:NixOS/nixpkgs/${'a'.repeat(40)}#nodejs`);
    expect(textOf(monorepo(), gitlab)).toContain(`image: ${nixImage}\n`);
  });

  test.each(workflows)('%s may read, no more, ends by itself, and leaves no token behind', (path) => {
    const { workflow, job } = jobOf(monorepo(), path);
    expect(workflow.permissions ?? job.permissions).toEqual({ contents: 'read' });
    expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    expect(job.steps[0]?.with).toEqual({ 'persist-credentials': false });
    expect(textOf(monorepo(), path)).not.toContain('secrets.');
  });

  test.each(workflows)('%s uses pinned actions only, each with its version beside it', (path) => {
    const text = textOf(monorepo(), path);
    const known = Object.values(actions).map(({ name, commit, version }) => `${name}@${commit} # ${version}`);
    const used = [...text.matchAll(/uses: (?<what>.*)/g)].map(({ groups }) => groups?.what ?? '');
    expect(used.length).toBeGreaterThanOrEqual(3);
    for (const use of used) expect(known).toContain(use.replace(/^https:\/\/github\.com\//, ''));
  });

  test('the set-up of the coding agent is the one job that is looked for', () => {
    const { name, job } = jobOf(monorepo(), copilot);
    expect(name).toBe('copilot-setup-steps');
    expect(job['timeout-minutes']).toBeLessThanOrEqual(59);
    const keys = Object.keys(parse(textOf(monorepo(), copilot)).jobs['copilot-setup-steps']);
    const taken = ['steps', 'permissions', 'runs-on', 'services', 'snapshot', 'timeout-minutes'];
    expect(keys.filter((key) => !taken.includes(key))).toEqual([]);
    expect(runsOf(monorepo(), copilot)).toEqual([
      'sh .nidify/agent-setup.sh',
      "sh .nidify/agent-setup.sh sh -c 'npm ci'",
      `sh .nidify/agent-setup.sh sh -c 'cd "$1" || exit 1\nnpm ci' sh "$PWD"/packages/ui`,
    ]);
  });

  test('a machine without x86 gets another runner', () => {
    expect(jobOf(planOf({ systems: ['aarch64-linux'] }), github).job['runs-on']).toBe('ubuntu-24.04-arm');
  });

  test('the version of a generator that is none is refused', () => {
    const plan = { ...planOf(), generator: { name: 'nidify', version: '1.0.0; id' } };
    expect(() => renderIntegrations(plan, ['github'])).toThrow(NidifyError);
  });
});

describe('pins', () => {
  test.each(Object.values(actions))('$name is pinned by a commit', ({ name, commit, version, source }) => {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(source).toContain(name);
  });

  test('the image is pinned by a digest', () => {
    expect(nixImage).toMatch(/^nixos\/nix:[\d.]+@sha256:[0-9a-f]{64}$/);
  });
});

describe('which were asked for', () => {
  test('is said by the files that there are', () => {
    for (const each of integrations) expect(integrationsIn([...integrationFiles[each]])).toEqual([each]);
    expect(integrationsIn(['flake.nix', '.github/workflows/ci.yml'])).toEqual([]);
  });

  test('one order, whatever the order of asking', () => {
    const paths = renderIntegrations(planOf(), ['gitlab', 'github', 'gitlab']).map(({ path }) => path);
    expect(paths).toEqual([github, gitlab]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'nidify-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const name of ['npx', 'nidify']) {
  writeFileSync(join(folder, name), '#!/bin/sh\nprintf "%s\\0" "$#" "$@"\n', { mode: 0o755 });
}

/** What programs are called with when a shell runs these lines. */
function calls(lines: readonly string[]): string[][] {
  const script = join(folder, 'script.sh');
  writeFileSync(script, `${lines.join('\n')}\n`);
  const output = execFileSync('/bin/sh', ['-e', script], {
    cwd: folder,
    env: { PATH: folder },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const words = output.split('\0').slice(0, -1);
  const all: string[][] = [];
  for (let at = 0; at < words.length; ) {
    const count = Number(words[at]);
    all.push(words.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return all;
}

describe('hostile paths and commands', () => {
  const cases = fc.record({ command: hostile, path: hostile, name: hostile, other: hostile });
  const planWith = ({ command, path, name, other }: Record<'command' | 'path' | 'name' | 'other', string>) =>
    monorepo([
      project('.', { test: command }, { name }),
      project(`a${path}`, { install: other }, { environment: 'services-api' }),
    ]);
  const expression =
    /\$(\{\{|\[\[)(?! (github\.(workflow|ref)|runner\.(os|arch)|hashFiles\('flake\.lock', 'shell\.nix'\)) \}\})/;

  test('reach the program as they are, and no CI system evaluates them', () => {
    fc.assert(
      fc.property(cases, (values) => {
        const plan = planWith(values);
        const expected = [
          ['sh', '-c', values.command],
          ['sh', '-c', `cd "$1" || exit 1\n${values.other}`, 'sh', `${folder}/a${values.path}`],
        ];
        const prefix = ['--yes', 'nidify@0.1.0'];
        const run = ['run', '-C', '.'];
        const option = `--project=a${values.path}`;
        const wanted = [
          [...run, '--', ...(expected[0] ?? [])],
          [...run, option, '--', ...(expected[1] ?? [])],
        ];
        const own = runsOf(plan, github).slice(-2);
        expect(calls(own)).toEqual(wanted.map((words) => [...prefix, ...words]));
        expect(runsOf(plan, forgejo).slice(-2)).toEqual(own);
        expect(calls(scriptOf(plan).slice(-2))).toEqual(wanted);
        for (const path of [...workflows, gitlab]) {
          const text = textOf(plan, path);
          expect(text).not.toMatch(expression);
          // What escapes in YAML hide is evaluated all the same.
          expect(JSON.stringify(parse(text))).not.toMatch(expression);
          // Readers of YAML 1.1 (GitLab's is one) must not see anything else.
          const lines = path === gitlab ? ['nidify', 'script'] : ['jobs'];
          const at = (version: '1.1' | '1.2') =>
            lines.reduce((value, key) => value[key], parse(text, { version }));
          expect(at('1.1')).toEqual(at('1.2'));
        }
      }),
      { numRuns: 40, seed },
    );
  }, 60_000);

  test('an expression in a path, a name and a command is text', () => {
    const value = '${{ secrets.TOKEN }}$[[ inputs.x ]]';
    const plan = planWith({ command: `echo '${value}'`, path: value, name: value, other: value });
    for (const path of [github, forgejo, copilot]) {
      expect(workflowErrors(path, textOf(plan, path))).toEqual([]);
      expect(textOf(plan, path)).not.toMatch(expression);
    }
    expect(calls(runsOf(plan, github).slice(-2))[0]?.at(-1)).toBe(`echo '${value}'`);
  });
});
