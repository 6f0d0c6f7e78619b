/** What a project needs that no SDK of nixpkgs gives. */
import { evidence, presence } from '../evidence.ts';
import type { FindingNeed } from '../types.ts';
import type { DotnetProject } from './projects.ts';

export function remarksOf(project: DotnetProject): FindingNeed[] {
  const { file, root, problem, targets, targetsFrom, isWindowsOnly } = project;
  const finding = (
    code: string,
    severity: FindingNeed['severity'],
    message: string,
    hint: string,
    line: number | null,
  ): FindingNeed => ({
    kind: 'finding',
    code,
    severity,
    message: `${file.path} ${message}`,
    hint,
    because: [line === null ? presence(file.path, 'dotnet/project') : evidence(file, line, 'dotnet/project')],
  });
  if (problem !== null || root === null) {
    return [
      finding(
        'unreadable-manifest',
        'error',
        `is ${problem?.message ?? 'empty'}`,
        'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
        problem?.line ?? null,
      ),
    ];
  }
  const line = targetsFrom?.path === file.path ? targetsFrom.line : null;
  if (targets === null || targets.every(({ target }) => target.kind === 'unknown')) {
    return [
      finding(
        'version-not-understood',
        'info',
        'does not say for which framework it is compiled without being run',
        'Name the SDK with global.json, or with "versions" in nidify.jsonc.',
        line,
      ),
    ];
  }
  const findings: FindingNeed[] = [];
  const kinds = targets.map(({ target }) => target);
  if (kinds.every(({ kind }) => kind === 'framework')) {
    findings.push(
      finding(
        'dotnet-framework',
        'warning',
        'is compiled for the .NET Framework, which Windows alone has',
        'Build it on Windows, or compile it for .NET as well.',
        line,
      ),
    );
  }
  const platforms = new Set(
    kinds.flatMap((target) => (target.kind === 'net' ? (target.platform ?? []) : [])),
  );
  if (platforms.has('windows') || isWindowsOnly) {
    findings.push(
      finding(
        'dotnet-windows',
        'warning',
        'is a program for Windows: it does not run elsewhere',
        'EnableWindowsTargeting in the project compiles it on other systems.',
        line,
      ),
    );
  }
  const mobile = [...platforms].filter((platform) => platform !== 'windows' && platform !== 'browser');
  if (mobile.length > 0) {
    findings.push(
      finding(
        'dotnet-workload',
        'warning',
        `needs the ${mobile.join(' and ')} workload, which the SDK of nixpkgs cannot install into itself`,
        'Build that target elsewhere.',
        line,
      ),
    );
  }
  return findings;
}
