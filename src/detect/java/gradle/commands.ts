/** How projects of Gradle are built, tested and started: https://docs.gradle.org/current/userguide/java_plugin.html */
import type { Commands } from '../../../plan/schema.ts';
import type { GradleBuild, GradleProject } from './build.ts';

interface Facts {
  plugins: readonly string[];
  /** It holds other projects together, and has no sources of its own. */
  isHolder: boolean;
  frameworks: readonly string[];
}

/** Commands to run in the project's folder. */
export function gradleCommands(build: GradleBuild, project: GradleProject, facts: Facts): Partial<Commands> {
  const gradle = programOf(build, project);
  const { start, dev } = startOf(gradle, project, facts, build.projects.length === 1);
  return {
    build: `${gradle} build -x test`,
    test: `${gradle} test`,
    ...(start === null ? {} : { start }),
    ...(dev === null ? {} : { dev }),
    lint: `${gradle} check -x test`,
  };
}

/** The wrapper, from wherever the project lies; else the program on PATH. */
function programOf({ wrapper, root }: GradleBuild, { folder }: GradleProject): string {
  if (wrapper?.isComplete !== true) return 'gradle';
  const depth = folder === root ? 0 : folder.split('/').length - (root === '.' ? 0 : root.split('/').length);
  return depth === 0 ? './gradlew' : `${'../'.repeat(depth)}gradlew`;
}

function startOf(
  gradle: string,
  project: GradleProject,
  { plugins, frameworks, isHolder }: Facts,
  isAlone: boolean,
): { start: string | null; dev: string | null } {
  const has = (...ids: string[]) => ids.some((id) => plugins.includes(id));
  if (has('org.springframework.boot'))
    return { start: `java -jar ${jarOf(project)}`, dev: `${gradle} bootRun` };
  if (has('io.quarkus'))
    return { start: 'java -jar build/quarkus-app/quarkus-run.jar', dev: `${gradle} quarkusDev` };
  const isRun = has(
    'application',
    'io.ktor.plugin',
    'io.micronaut.application',
    'io.micronaut.minimal.application',
  );
  if (isRun)
    return {
      start: `${gradle} run`,
      dev: frameworks.includes('micronaut') ? `${gradle} run -t` : `${gradle} run`,
    };
  // Where no plug-in can be read, what is built is an archive by convention; a library is not started, and one of
  // several projects, whose plug-ins the root's script may name, is one more often than not.
  if (plugins.length === 0 && project.own !== null && isAlone && !isHolder)
    return { start: 'java -jar build/libs/*.jar', dev: null };
  return { start: null, dev: null };
}

/** The archive by its name where that is written out; Spring Boot puts one without dependencies beside it. */
function jarOf({ name, own }: GradleProject): string {
  const version = own?.script.version ?? null;
  const known = name === null ? null : `build/libs/${name}${version === null ? '' : `-${version}`}.jar`;
  if (known !== null && version !== null && /^[\w@%+=:,./-]+$/.test(known)) return known;
  return '$(ls build/libs/*.jar | grep -v -e -plain.jar)';
}
