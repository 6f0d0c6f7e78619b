/** Installs, builds and tests the projects of a repository in the sandbox, and reports what worked. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { NidifyError } from '../errors.ts';
import { exec } from '../exec.ts';
import { keepLast } from '../lines.ts';
import type { Evidence } from '../plan/schema.ts';
import { type Network, networkOf } from '../sandbox/network.ts';
import { inSandbox, type Limits } from '../sandbox/run.ts';
import { plain } from '../text/plain.ts';
import type { ProjectSteps, Step, StepName } from './steps.ts';

export type Outcome = 'passed' | 'failed' | 'timed-out' | 'too-much-output' | 'skipped';

export interface StepReport {
  step: StepName;
  command: string | null;
  outcome: Outcome;
  /** Why it was skipped; null when it was run. */
  reason: string | null;
  exitCode: number | null;
  durationMs: number;
  /** What it was allowed to reach. */
  network: string[];
  /** `host:port` that it did reach, and what it was not let out to. */
  reached: string[];
  refused: { target: string; reason: string }[];
  /** The last lines that it printed. */
  tail: string[];
}

export interface ProjectReport {
  path: string;
  environment: string;
  steps: StepReport[];
  because: readonly Evidence[];
}

export interface VerifyOptions {
  projects: readonly ProjectSteps[];
  /** By name in the plan. */
  environments: ReadonlyMap<string, BuiltEnvironment>;
  /** The copy of the repository that the steps may write. */
  directory: string;
  /** An empty folder: the home of all steps, where what is installed is cached. */
  home: string;
  /** Words of `--network` in place of the registries that installing needs; null for those. */
  network: string | null;
  /** Building and testing may reach the same. */
  isOnline: boolean;
  /** Variables of this process that every step has, and those to set. */
  env: Readonly<Record<string, string>>;
  /** This process's own environment, for the sandbox itself. */
  hostEnv: Readonly<Record<string, string>>;
  /** Where registries that the user configured are named. */
  configuration: NodeJS.ProcessEnv;
  timeoutMs: number;
  limits: Limits;
  signal?: AbortSignal | undefined;
  onStep?: (project: string, step: StepName) => void;
}

const keptLines = 40;
const lineLength = 500;
const maxOutputBytes = 256 * 1024 * 1024;

/**
 * Runs every step, one after the other. That this machine gives a sandbox is known (`requireSandbox`).
 *
 * What fails does not keep others from being tried; only what was not installed is not built and tested.
 *
 * @throws NidifyError `tool-missing` (exit 4), `aborted` (75), `usage` (2)
 */
export async function verifyProjects(options: VerifyOptions): Promise<ProjectReport[]> {
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  const reports = new Map<string, ProjectReport>();
  for (const { path: name, environment, because } of options.projects) {
    reports.set(name, { path: name, environment, steps: [], because });
  }
  for (const step of ['install', 'build', 'test'] as const) {
    for (const project of options.projects) {
      const report = reports.get(project.path);
      const wanted = project.steps.find((each) => each.step === step);
      if (report === undefined || wanted === undefined) continue;
      const why = reasonToSkip(wanted, report, reports);
      report.steps.push(why === null ? await run(project, wanted, options) : skipped(wanted, why));
    }
    if (step === 'build') await rebuild(options, reports);
  }
  return [...reports.values()];
}

function reasonToSkip(
  { command, coveredBy }: Step,
  { steps }: ProjectReport,
  reports: ReadonlyMap<string, ProjectReport>,
): string | null {
  if (coveredBy !== null && reports.has(coveredBy)) return `part of ${coveredBy}`;
  if (command === null) return 'no command is known';
  const install = steps.find(({ step }) => step === 'install');
  const above = install?.reason?.startsWith('part of ') === true ? install.reason.slice(8) : null;
  const installed =
    above === null ? install : reports.get(above)?.steps.find(({ step }) => step === 'install');
  return installed !== undefined && !isFine(installed) ? 'installing failed' : null;
}

/** A project may need what another one builds, and no order is known: what failed is tried again after others. */
async function rebuild(options: VerifyOptions, reports: ReadonlyMap<string, ProjectReport>): Promise<void> {
  const failed = () =>
    options.projects.filter(({ path: name }) => stepOf(reports.get(name), 'build')?.outcome === 'failed');
  for (let before = 0; ; ) {
    const now = failed();
    const builds = options.projects.map(({ path: name }) => stepOf(reports.get(name), 'build'));
    const passed = builds.filter((each) => each?.outcome === 'passed').length;
    if (now.length === 0 || passed === before) return;
    before = passed;
    for (const project of now) {
      const report = reports.get(project.path);
      const wanted = project.steps.find(({ step }) => step === 'build');
      if (report === undefined || wanted === undefined) continue;
      const again = await run(project, wanted, options);
      report.steps = report.steps.map((each) => (each.step === 'build' ? again : each));
    }
  }
}

const stepOf = (report: ProjectReport | undefined, step: StepName): StepReport | undefined =>
  report?.steps.find((each) => each.step === step);

export function isFine({ outcome }: StepReport): boolean {
  return outcome === 'passed' || outcome === 'skipped';
}

async function run(project: ProjectSteps, step: Step, options: VerifyOptions): Promise<StepReport> {
  options.onStep?.(project.path, step.step);
  const environment = options.environments.get(project.environment);
  if (environment === undefined || step.command === null) throw new Error('a step without an environment');
  const words = networkWords(project, step.step, options);
  const network: Network =
    words === null ? { kind: 'none' } : networkOf(words === '' ? undefined : words, options.configuration);
  const reached = new Set<string>();
  const refused = new Map<string, string>();
  const lines: string[] = [];
  const started = performance.now();
  const report = (outcome: Outcome, exitCode: number | null): StepReport => ({
    step: step.step,
    command: step.command,
    outcome,
    reason: null,
    exitCode,
    durationMs: Math.round(performance.now() - started),
    network: words === null || words === '' ? [] : words.split(','),
    reached: [...reached],
    refused: [...refused].map(([target, reason]) => ({ target, reason })),
    tail: lines.map((line) => plain(line.slice(0, 4 * lineLength)).slice(0, lineLength)),
  });
  const cwd = path.join(options.directory, project.path);
  if (!existsSync(cwd)) {
    lines.push(`nidify: ${project.path} is gone: an earlier step removed it`);
    return report('failed', null);
  }
  try {
    const code = await inSandbox(
      {
        environment,
        // One stream, so that the report has what was printed in its order.
        command: [
          path.join(environment.storePath, 'bin/enter'),
          ...['bash', '--norc', '--noprofile', '-c', 'exec 2>&1; eval "$1"', 'nidify', step.command],
        ],
        project: options.directory,
        isReadOnly: false,
        cwd,
        network,
        // Tools that watch files or ask questions do not when this is set.
        env: { CI: 'true', ...options.env },
        hostEnv: options.hostEnv,
        timeoutMs: options.timeoutMs,
        limits: options.limits,
        homeDirectory: options.home,
        onRefused: (target, reason) => refused.set(target, reason),
        onAllowed: (target) => reached.add(target),
      },
      false,
      async (sandbox) => {
        const { exitCode } = await exec({
          ...sandbox,
          isBare: true,
          timeoutMs: options.timeoutMs,
          maxOutputBytes,
          signal: options.signal,
          onOutputLine: (line) => keepLast(lines, line, keptLines),
        });
        return exitCode;
      },
    );
    return report(code === 0 ? 'passed' : 'failed', code);
  } catch (error) {
    if (!(error instanceof NidifyError)) throw error;
    if (error.code === 'tool-timed-out') return report('timed-out', null);
    if (error.code === 'tool-output-limit') return report('too-much-output', null);
    if (error.code === 'tool-killed') return report('failed', null);
    throw error;
  }
}

/** The words of `--network` for a step; null where it may reach nothing. */
function networkWords({ registries }: ProjectSteps, step: StepName, options: VerifyOptions): string | null {
  if (step !== 'install' && !options.isOnline) return null;
  const words = options.network ?? registries.join(',');
  return words === '' ? null : words;
}

function skipped({ step, command }: Step, reason: string): StepReport {
  return {
    step,
    command,
    outcome: 'skipped',
    reason,
    exitCode: null,
    durationMs: 0,
    network: [],
    reached: [],
    refused: [],
    tail: [],
  };
}
