/**
 * Nix's structured log (`--log-format internal-json`): one JSON object per line of standard error. The numbers
 * are those of `ActivityType` and `ResultType` in Nix's logging.hh, unchanged since 2.4.
 */
import { keepLast } from '../lines.ts';
import { isRecord } from '../parse/value.ts';
import { withoutPassword } from '../text/address.ts';
import { plain } from '../text/plain.ts';

const activity = { build: 105, substitute: 108, copyPath: 100 } as const;
const result = { progress: 105 } as const;
/** `resBuildLogLine` and `resPostBuildLogLine`: keys are sorted, so that the type comes last. */
const printedLine = /"type":10[17]\}$/;
const buildsActivity = 104;

/** Where a store path of this run came from. */
export type Origin =
  | { kind: 'built'; derivation: string; machine: string | null }
  | { kind: 'substituted'; path: string; from: string };

export interface NixLog {
  /** Takes a line of standard error; a line of another form counts as a message. */
  line(text: string): void;
  /** Error messages, without colours. */
  errors(): string[];
  /** Warnings: why a cache was passed over, for one. */
  warnings(): string[];
  /** The last lines that builders printed. */
  builderTail(): string[];
  origins(): Origin[];
  /** What is happening now, for people; null while nothing is built or fetched. */
  status(): string | null;
}

const keptLines = 25;
const keptMessages = 200;

/** Reads the log of one run of Nix; memory is bounded whatever builders print. */
export function nixLog(): NixLog {
  const running = new Map<number, string>();
  /** Derivations that a remote builder has, by the number of their activity. */
  const away = new Map<number, string>();
  const errors: string[] = [];
  const warnings: string[] = [];
  const tail: string[] = [];
  const origins: Origin[] = [];
  let builds: number | null = null;
  let done = 0;
  let expected = 0;

  const keep = (list: string[], text: string) => keepLast(list, plain(text), keptMessages);
  const start = (id: number, type: unknown, fields: unknown[]) => {
    const [first, second] = fields.map((field) => (typeof field === 'string' ? field : ''));
    if (first === undefined) {
      if (type === buildsActivity) builds = id;
      return;
    }
    if (type === activity.build) {
      running.set(id, `building ${nameOf(first)}`);
      const machine = second === '' ? null : (second ?? null);
      // A builder without ssh is a store of this machine's, whose own build shows within the one that is away.
      if (machine === null && [...away.values()].includes(first)) return;
      if (machine !== null) away.set(id, first);
      origins.push({ kind: 'built', derivation: first, machine });
    } else if (type === activity.substitute) {
      running.set(id, `fetching ${nameOf(first)}`);
      origins.push({ kind: 'substituted', path: first, from: withoutPassword(second ?? '') });
    } else if (type === activity.copyPath) {
      running.set(id, `copying ${nameOf(first)}`);
    }
  };
  const tell = (id: number, type: unknown, fields: unknown[]) => {
    if (type === result.progress && id === builds) {
      done = Number(fields[0]);
      expected = Number(fields[1]);
    }
  };

  return {
    line(text) {
      if (!text.startsWith('@nix ')) {
        if (text.trim() !== '') keep(errors, text);
        return;
      }
      // Builders may print millions of lines, of which the last are looked at.
      if (printedLine.test(text)) {
        keepLast(tail, text, keptLines);
        return;
      }
      const event = parse(text.slice('@nix '.length));
      if (event === null) return;
      const id = Number(event.id);
      const fields = Array.isArray(event.fields) ? event.fields : [];
      if (event.action === 'start') start(id, event.type, fields);
      else if (event.action === 'stop') {
        running.delete(id);
        away.delete(id);
      } else if (event.action === 'result') tell(id, event.type, fields);
      else if (event.action === 'msg' && event.level === 0) keep(errors, String(event.msg ?? ''));
      else if (event.action === 'msg' && event.level === 1) keep(warnings, String(event.msg ?? ''));
    },
    errors: () => errors.flatMap((text) => text.split('\n')),
    warnings: () => [...warnings],
    builderTail: () => tail.map(printedText),
    origins: () => [...origins],
    status() {
      const now = [...running.values()].at(-1);
      if (now === undefined) return null;
      return expected > 0 ? `${now} (${Math.min(done + 1, expected)} of ${expected})` : now;
    },
  };
}

function printedText(line: string): string {
  const fields = parse(line.slice('@nix '.length))?.fields;
  // A line that was cut because it is too long
  if (!Array.isArray(fields)) return plain(line.slice(0, 400));
  return plain(String(fields[0] ?? ''));
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** `/nix/store/<hash>-bash-5.2.drv` → `bash-5.2` */
export function nameOf(storePath: string): string {
  return (storePath.split('/').at(-1) ?? storePath).replace(/^[0-9a-z]{32}-/, '').replace(/\.drv$/, '');
}
