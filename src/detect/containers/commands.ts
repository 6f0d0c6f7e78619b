/** Which lines of tasks and scripts run containers: data, and the words of a command. */
import { evidence } from '../evidence.ts';
import { invocations } from '../node/scripts.ts';
import type { ScriptLine } from '../tasks/scripts.ts';
import { isElsewhere } from './elsewhere.ts';
import type { ContainerKind } from './kinds.ts';
import { parseImage, serviceOf } from './services.ts';
import type { Sign } from './signs.ts';
import { startsCompose } from './started.ts';

/**
 * When a command is clear evidence.
 *
 * - `always`: it runs containers on this machine, and nothing else
 * - `work`: in a task of daily work (`dev`, `test`, `db`); elsewhere it is vague
 * - `service`: in a task of daily work, or where it starts a database and the like; elsewhere it is vague
 * - `work-only`: in a task of daily work; elsewhere it says nothing, for images are built to be deployed
 * - `never`: it may as well use a machine or a cluster elsewhere
 */
type Clear = 'always' | 'work' | 'service' | 'work-only' | 'never';

interface Command {
  container: ContainerKind;
  programs: readonly string[];
  /** Beginnings of the words that follow, options left out; none: any. */
  verbs: readonly string[];
  /** One of the words has to look like this. */
  word?: RegExp;
  clear: Clear;
}

const engines = ['docker', 'podman', 'nerdctl'];

const commands: readonly Command[] = [
  {
    container: 'docker-cli',
    programs: engines,
    verbs: ['run', 'start', 'exec', 'create', 'container run', 'container start', 'container exec'],
    clear: 'service',
  },
  {
    container: 'docker-cli',
    programs: [...engines, 'buildah'],
    verbs: ['build', 'bud', 'buildx build', 'buildx bake', 'image build', 'bake', 'builder build'],
    clear: 'work-only',
  },
  { container: 'docker-cli', programs: ['docker-buildx'], verbs: ['build', 'bake'], clear: 'work-only' },
  { container: 'kind', programs: ['kind'], verbs: ['create cluster', 'load'], clear: 'work' },
  { container: 'k3d', programs: ['k3d'], verbs: ['cluster create', 'cluster start'], clear: 'work' },
  { container: 'minikube', programs: ['minikube'], verbs: ['start'], clear: 'work' },
  {
    container: 'supabase',
    programs: ['supabase'],
    verbs: ['start', 'db start', 'db reset', 'db diff', 'test db', 'functions serve'],
    clear: 'always',
  },
  { container: 'localstack', programs: ['localstack'], verbs: ['start'], clear: 'always' },
  { container: 'sam', programs: ['sam'], verbs: ['local'], clear: 'always' },
  { container: 'sam', programs: ['sam'], verbs: ['build'], word: /^(--use-container|-u)$/, clear: 'always' },
  { container: 'earthly', programs: ['earthly'], verbs: [], word: /^[\w./@:-]*\+[\w-]+$/, clear: 'always' },
  { container: 'dagger', programs: ['dagger'], verbs: ['call', 'run', 'check', 'do'], clear: 'always' },
  { container: 'act', programs: ['act'], verbs: [], clear: 'never' },
  { container: 'skaffold', programs: ['skaffold'], verbs: ['dev', 'debug', 'run'], clear: 'never' },
  { container: 'tilt', programs: ['tilt'], verbs: ['up', 'ci'], clear: 'never' },
  { container: 'garden', programs: ['garden'], verbs: ['dev', 'test', 'deploy', 'run'], clear: 'never' },
  { container: 'werf', programs: ['werf'], verbs: ['build', 'converge', 'run', 'compose'], clear: 'never' },
  { container: 'devcontainer', programs: ['devcontainer'], verbs: ['up', 'exec', 'build'], clear: 'never' },
];

/** Variables that task files keep the name of an engine in. */
const engineVariable =
  /^\$\{?\w*(DOCKER|PODMAN|CONTAINER_(TOOL|ENGINE|RUNTIME|CLI|CMD))(_?(CMD|BIN|CLI|EXE|COMMAND))?\}?$/i;

/** Tasks of daily work: what a developer, or a test, starts. */
const work =
  /(^|[^a-z])(dev|develop|development|tests?|testing|e2e|it|integration|db|database|services?|infra|setup|bootstrap|migrate|migrations?|seed)([^a-z]|$)/i;

/** Tasks around the image of the application itself. */
const aboutImages = /(^|[^a-z])(docker|container|image|images|podman|oci|registry|buildx)([^a-z]|$)/i;

/** The signs that a line gives. */
export function signsOfLine(line: ScriptLine): Sign[] {
  const { task, text } = line;
  if (text.length > 4000) return [];
  const found = new Map<ContainerKind, Sign['confidence']>();
  if (startsCompose(line)) found.set('compose', 'high');
  if (!isElsewhere(task) && !/(^|\s)ssh\s|ssh:\/\//.test(text)) {
    for (const words of commandLines(text)) {
      for (const command of commands) {
        const confidence = matches(command, words) ? confidenceOf(command, words, task) : null;
        if (confidence === null || found.get(command.container) === 'high') continue;
        found.set(command.container, confidence);
      }
    }
  }
  return [...found].map(([container, confidence]) => ({
    container,
    confidence,
    because: evidence(
      line.file,
      line.line(),
      container === 'compose' ? 'containers/compose-up' : `containers/${container}-command`,
    ),
  }));
}

/** Words before a program, and programs that run one of a package. */
const prefixes = /^([@+!{-]+|if|then|else|elif|do|while|until|command|sudo|exec|time|nohup|env|timeout)$/;
const packageRunners = new Set([
  'pnpm',
  'yarn',
  'bun',
  'bunx',
  'pnpx',
  'npm',
  'npx',
  'uv',
  'uvx',
  'poetry',
  'pdm',
  'mise',
]);

/** The words of each command; of what a package manager runs, too. */
function commandLines(text: string): string[][] {
  // `$(NAME)` is a variable of make, not a command.
  const plain = text.replace(/\$\((?<name>\w+)\)/g, '$${$<name>}').replace(/`/g, ';');
  return invocations(plain).flatMap(({ program, args }) => {
    const words = [program.replace(/^[@+-]+/, ''), ...args];
    let at = 0;
    while (
      at < words.length &&
      (prefixes.test(words[at] ?? '') || words[at] === '' || /^\w+=/.test(words[at] ?? ''))
    )
      at++;
    const own = words.slice(at);
    if (!packageRunners.has(own[0] ?? '')) return [own];
    const inner = own.findIndex((word, index) => index > 0 && !/^(-.*|exec|run|x|dlx|tool)$/.test(word));
    return inner === -1 || engines.includes(own[inner] ?? '') ? [own] : [own, own.slice(inner)];
  });
}

function matches({ programs, verbs, word }: Command, [program = '', ...args]: readonly string[]): boolean {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const isProgram = programs.includes(name) || (programs.includes('docker') && engineVariable.test(program));
  if (!isProgram || (word !== undefined && !args.some((each) => word.test(each)))) return false;
  const said = ` ${args
    .filter((each) => !each.startsWith('-'))
    .slice(0, 2)
    .join(' ')} `;
  return (
    (verbs.length === 0 && !args.some((each) => /^(-h|--help|--version)$/.test(each))) ||
    verbs.some((verb) => said.startsWith(` ${verb} `))
  );
}

function confidenceOf({ clear }: Command, words: readonly string[], task: string): Sign['confidence'] | null {
  if (clear === 'always') return words.includes('--linked') ? null : 'high';
  if (clear === 'never') return 'low';
  const isWork = work.test(task) && !aboutImages.test(task);
  if (isWork) return 'high';
  if (clear === 'work-only') return null;
  return clear === 'service' && words.slice(1).some(isService) ? 'high' : 'low';
}

function isService(word: string): boolean {
  const image = word.startsWith('-') ? null : parseImage(word);
  return image !== null && serviceOf(image) !== null;
}
