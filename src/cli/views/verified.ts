import type { Plan } from '../../plan/schema.ts';
import type { Outcome, ProjectReport, StepReport } from '../../verify/verify.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../terminal/text.ts';

const words: Record<Outcome, (text: string) => Span> = {
  passed: green,
  failed: red,
  'timed-out': red,
  'too-much-output': red,
  skipped: dim,
};

/** What `nidify verify` says to people. */
export function verifiedView(projects: readonly ProjectReport[], plan: Plan): Line[] {
  return [...projects.flatMap(projectView), ...limitsOf(projects, plan)];
}

function projectView({ path, environment, steps }: ProjectReport): Line[] {
  return [
    [bold(path), dim(environment === 'default' ? '' : `  in the environment ${environment}`)],
    ...steps.flatMap(stepView),
  ];
}

function stepView(step: StepReport): Line[] {
  const { outcome, command, exitCode, durationMs, network, reached, refused, reason, tail } = step;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(8);
  if (outcome === 'skipped') {
    return [['  ', step.step.padEnd(8), dim('skipped'), ' '.repeat(12), dim(reason ?? '')]];
  }
  const code = outcome === 'failed' && exitCode !== null ? ` (exit ${exitCode})` : '';
  return [
    [
      '  ',
      step.step.padEnd(8),
      words[outcome](outcome),
      ' '.repeat(Math.max(1, 8 - outcome.length)),
      seconds,
      `  ${command}${code}`,
    ],
    [dim(`           ${networkText(network, reached)}`)],
    ...refused.map(
      ({ target, reason: why }): Line => ['           ', yellow('not let out'), `  ${target}: ${why}`],
    ),
    ...(outcome === 'passed' ? [] : tail.slice(-15).map((line): Line => [dim('           | '), line])),
  ];
}

function networkText(network: readonly string[], reached: readonly string[]): string {
  if (network.length === 0) return 'without a network';
  const names = network.join(', ');
  return reached.length === 0 ? `might reach ${names}; reached nothing` : `reached ${reached.join(', ')}`;
}

/** What a test that failed may have wanted and the sandbox does not have. */
function limitsOf(projects: readonly ProjectReport[], { services, nestedContainers }: Plan): Line[] {
  const hasFailed = projects.some(({ steps }) =>
    steps.some(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped'),
  );
  if (!hasFailed) return [];
  const missing = [
    ...services.map(({ id }) => `a running ${id}`),
    ...new Set(nestedContainers.map(({ kind }) => `containers of its own (${kind})`)),
  ];
  return missing.length === 0
    ? []
    : [[yellow('note:'), `  the project uses ${missing.join(', ')}, which the sandbox does not have`]];
}
