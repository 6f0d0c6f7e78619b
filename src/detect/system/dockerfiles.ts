/** Which images a Dockerfile starts from, and what it installs: https://docs.docker.com/reference/dockerfile/ */

import { append } from '../../append.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { installsOf, type Line } from './commands.ts';
import { type Image, imageOf } from './images.ts';
import { versionsOf } from './said.ts';
import { emptyStatements, type Statements } from './statements.ts';

interface Stage {
  name: string | null;
  image: Image;
}

const maxLines = 5000;
const maxStages = 200;
const maxArguments = 200;

/** What the stages of a Dockerfile say; one on the image of a server says nothing, for it is made for deployment. */
export function dockerfileStatements(file: ClaimedFile): Statements {
  const found = emptyStatements();
  const stages: Stage[] = [];
  const defaults = new Map<string, string>();
  for (const { keyword, lines, line } of instructions(file.text ?? '')) {
    const text = lines[0]?.text ?? '';
    if (keyword === 'ARG' && stages.length === 0) addArguments(defaults, text);
    else if (keyword === 'FROM') {
      if (stages.length === maxStages) break;
      const { base, name } =
        /^(?:--\S+\s+)*(?<base>\S+)(?:\s+AS\s+(?<name>\S+))?/i.exec(text.slice(0, 500))?.groups ?? {};
      if (base === undefined) continue;
      const earlier = stages.find((stage) => stage.name === base.toLowerCase());
      const image = earlier?.image ?? imageOf(expanded(base, defaults));
      stages.push({ name: name?.toLowerCase() ?? null, image });
      if (earlier !== undefined) continue;
      append(
        found.versions,
        versionsOf(image, () => evidence(file, line, 'system/dockerfile-from')),
      );
    } else if (keyword === 'RUN') {
      const image = stages.at(-1)?.image;
      if (image?.isServer === true) continue;
      const languages = image?.versions.map(({ id }) => id) ?? [];
      const { packages, extensions } = installsOf(lines);
      for (const each of packages) {
        const because = evidence(file, each.line, 'system/dockerfile-package');
        found.packages.push({ name: each.name, languages, because });
      }
      for (const each of extensions) {
        const because = evidence(file, each.line, 'system/dockerfile-extension');
        found.extensions.push({ id: 'php', name: each.name, because });
      }
    }
  }
  return found;
}

interface Instruction {
  keyword: string;
  lines: Line[];
  line: number;
}

/** Instructions with the lines that continue them, comments left out, and their here-documents. */
function* instructions(text: string): Generator<Instruction> {
  let open: Instruction | null = null;
  let until: string | null = null;
  for (const [at, whole] of text.split('\n', maxLines).entries()) {
    const line = whole.slice(0, 10_000).replace(/\r$/, '');
    if (open !== null && until !== null) {
      if (line.trim() === until) until = null;
      else open.lines.push({ text: line, line: at + 1 });
      if (until !== null) continue;
      yield open;
      open = null;
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    if (open === null) {
      const { keyword, rest } = /^\s*(?<keyword>[A-Za-z]+)\s+(?<rest>.*)$/.exec(line)?.groups ?? {};
      if (keyword === undefined) continue;
      open = { keyword: keyword.toUpperCase(), lines: [{ text: rest ?? '', line: at + 1 }], line: at + 1 };
    } else open.lines.push({ text: line, line: at + 1 });
    if (/[\\`]\s*$/.test(line.slice(-20))) continue;
    const mark = /<<-?\s*["']?(?<mark>[A-Za-z_]\w{0,40})["']?/.exec(line)?.groups?.mark;
    if (mark !== undefined && open.keyword === 'RUN') until = mark;
    else {
      yield open;
      open = null;
    }
  }
  if (open !== null) yield open;
}

/** `ARG A=1 B="2"` */
function addArguments(defaults: Map<string, string>, text: string): void {
  for (const word of text.slice(0, 2000).split(/\s+/)) {
    const { name, value } = /^(?<name>[A-Za-z_]\w*)=["']?(?<value>[^"']*)["']?$/.exec(word)?.groups ?? {};
    if (name === undefined || value === undefined || defaults.size >= maxArguments) continue;
    defaults.set(name, expanded(value, defaults).slice(0, 300));
  }
}

/** Arguments by their defaults, in one pass: what has none is left as it is, and is then no version. */
function expanded(text: string, defaults: ReadonlyMap<string, string>): string {
  return text
    .slice(0, 500)
    .replace(
      /\$(?:\{(?<long>[A-Za-z_]\w{0,60})(?::-(?<other>[^${}]{0,100}))?\}|(?<short>[A-Za-z_]\w{0,60}))/g,
      (whole, long: string | undefined, other: string | undefined, short: string | undefined) =>
        defaults.get(long ?? short ?? '') ?? other ?? whole,
    );
}
