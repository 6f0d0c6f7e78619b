/** `process-compose.yaml`: servers and projects side by side. https://f1bonacc1.github.io/process-compose/configuration/ */
import type { Plan, Project } from '../plan/schema.ts';
import { slug, unusedName } from '../text/slug.ts';
import { origin, subject, wrapped } from './header.ts';
import { servicesIn } from './services.ts';
import { defaultEnvironment } from './shell-nix.ts';
import { oneLine } from './text.ts';
import { type Yaml, yamlDocument } from './yaml.ts';

export const processComposeFile = 'process-compose.yaml';

/** Each server is run by `services`, each project by what develops it, or else starts it. */
export function processCompose(plan: Plan): string {
  const services = servicesIn(defaultEnvironment(plan), plan);
  const servers = services.map(({ id }): [string, Yaml] => [
    id,
    {
      command: `services run ${id}`,
      readiness_probe: {
        exec: { command: `services ready ${id}` },
        period_seconds: 1,
        failure_threshold: 60,
      },
      // A fast shutdown of PostgreSQL: https://www.postgresql.org/docs/current/server-shutdown.html
      shutdown: { signal: id === 'postgresql' ? 2 : 15, timeout_seconds: 30 },
    },
  ]);
  const after = Object.fromEntries(services.map(({ id }) => [id, { condition: 'process_healthy' }]));
  const taken = new Set(services.map(({ id }) => id));
  const programs = plan.projects.flatMap((project): [string, Yaml][] => {
    const command = project.commands.dev ?? project.commands.start;
    if (command === null) return [];
    return [
      [
        unusedName(taken, nameOf(project)),
        {
          // A dollar would begin a variable of its own.
          command: oneLine(command, 2000).replaceAll('$', '$$$$'),
          ...(project.path === '.' ? {} : { working_dir: project.path }),
          ...(services.length === 0 ? {} : { depends_on: after }),
        },
      ],
    ];
  });
  return yamlDocument(
    [
      ...wrapped(`What belongs to ${subject(plan)} side by side: \`process-compose up\`.`),
      '',
      ...origin(plan),
    ],
    { version: '0.5', processes: Object.fromEntries([...servers, ...programs]) },
  );
}

function nameOf({ path, name }: Project): string {
  return slug(path === '.' ? (name ?? 'app') : path).slice(0, 60) || 'app';
}
