/** What a Dockerfile says of the image that it makes: https://docs.docker.com/reference/dockerfile/ */
import type { ClaimedFile } from '../../scan/types.ts';

export interface Stage {
  /** Image or name of an earlier stage. */
  base: string;
  /** Of `--platform`, in lower case. */
  platform: string | null;
  name: string | null;
  exposes: boolean;
  /** From 1. */
  line: number;
}

const from = /^\s*FROM\s+(?<options>(--\S+\s+)*)(?<base>\S+)(\s+AS\s+(?<name>\S+))?/i;

/** More than Dockerfiles have: each is looked for among those before it. */
const maxStages = 500;

/** The stages, in order, of which only the first of very many are read. Lines of scripts inside (here-documents) are taken for what they look like. */
export function stagesOf({ text }: ClaimedFile): Stage[] {
  const stages: Stage[] = [];
  let isContinued = false;
  for (const [at, whole] of (text ?? '').split('\n').entries()) {
    const line = whole.slice(0, 1000);
    if (/^\s*#/.test(line)) continue;
    const wasContinued = isContinued;
    isContinued = /[\\`]\s*$/.test(line.slice(-20));
    if (wasContinued) continue;
    const { options, base, name } = from.exec(line)?.groups ?? {};
    if (base !== undefined) {
      if (stages.length === maxStages) break;
      const platform = /--platform=["']?(?<value>[^\s"']+)/i.exec(options ?? '')?.groups?.value ?? null;
      stages.push({
        base,
        platform: platform?.toLowerCase() ?? null,
        name: name?.toLowerCase() ?? null,
        exposes: false,
        line: at + 1,
      });
    } else if (/^\s*EXPOSE\s+\S/i.test(line)) {
      const stage = stages.at(-1);
      if (stage !== undefined) stage.exposes = true;
    }
  }
  return stages;
}

/** The last stage, and those that it is made from, last first. */
export function finalChain(stages: readonly Stage[]): Stage[] {
  const chain: Stage[] = [];
  let at = stages.length - 1;
  for (let stage = stages[at]; stage !== undefined; stage = stages[at]) {
    chain.push(stage);
    const base = stage.base.toLowerCase();
    const number = /^\d+$/.test(base) ? Number(base) : -1;
    const before = stages.slice(0, at);
    at = number >= 0 && number < at ? number : before.findLastIndex(({ name }) => name === base);
  }
  return chain;
}
