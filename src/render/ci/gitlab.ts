/** A job for GitLab CI/CD, to be included: https://docs.gitlab.com/ci/yaml/ */
import type { Plan } from '../../plan/schema.ts';
import { inconsistent } from '../packages.ts';
import { yamlDocument } from '../yaml.ts';
import { nixImage } from './actions.ts';
import { integrationHeader } from './header.ts';
import { nidifyCommand, projectSteps, runInEnvironment } from './steps.ts';

/** The line that `.gitlab-ci.yml` needs. */
export function gitlabInclude(path: string): string {
  return `include: [{ local: /${path} }]`;
}

export function gitlabJob(plan: Plan, path: string): string {
  const [nixpkgs] = plan.nixpkgs;
  if (nixpkgs === undefined || !/^[0-9a-f]{40}$/.test(nixpkgs.rev)) {
    throw inconsistent('it has no revision of nixpkgs');
  }
  const header = [
    ...integrationHeader(
      plan,
      'Checks that the environment is current, builds it, and runs the commands of every project in it.',
      '--ci none',
    ),
    '',
    `Your .gitlab-ci.yml includes it: ${gitlabInclude(path)}`,
  ];
  return yamlDocument(header, {
    nidify: {
      stage: 'test',
      image: nixImage,
      // The commands of a `default:` elsewhere are not meant for this image.
      inherit: { default: false },
      timeout: '1 hour',
      interruptible: true,
      variables: {
        NIX_CONFIG: 'experimental-features = nix-command flakes\nsandbox = true\nsandbox-fallback = false\n',
      },
      before_script: [
        // The image has no Node.js; the pinned nixpkgs has.
        `nidify() { nix shell github:NixOS/nixpkgs/${nixpkgs.rev}#nodejs --command ${nidifyCommand(plan)} "$@"; }`,
      ],
      script: [
        'nidify check',
        'nidify build --prove',
        ...projectSteps(plan).map((step) => runInEnvironment(step, plan, 'nidify')),
      ],
    },
  });
}
