/** Tools that nixpkgs builds anew for each line of another: Elixir for each Erlang/OTP. */
import type { Catalogue } from '../catalogue/types.ts';
import { byKey } from '../grouped.ts';
import { finding, type PlanContext } from './context.ts';
import { demandsOf } from './demands.ts';
import type { Finding } from './schema.ts';
import { type Answer, answer, type Demand } from './versions.ts';

/** By tool: what it is built for. In the catalogue, `elixir-erlang-27` is what `elixir` is for Erlang/OTP 27. */
const builtFor: Readonly<Record<string, string>> = { elixir: 'erlang', rebar3: 'erlang' };

interface Answers {
  answers: Answer[];
  findings: Finding[];
}

/** Answers all demands, in their order; what is built for another tool after that one. */
export function answerAll(context: PlanContext): Answers[] {
  const demands = demandsOf(context);
  const isDependent = (id: string) => builtFor[id] !== undefined;
  const answered = new Map<string, Answers>();
  for (const [id, each] of demands) if (!isDependent(id)) answered.set(id, answer(context, each));
  for (const [id, each] of demands) {
    if (!isDependent(id)) continue;
    const hosts = new Map<string, Answer>();
    for (const host of answered.get(builtFor[id] ?? '')?.answers ?? [])
      if (!hosts.has(host.demand.project)) hosts.set(host.demand.project, host);
    answered.set(
      id,
      answerByTool(
        context,
        each.map((demand) => fitted(context.catalogue, demand, hosts)),
      ),
    );
  }
  return [...demands.keys()].flatMap((id) => answered.get(id) ?? []);
}

/** The demand on the tool as it is built for what the same project has; `hosts` by project. */
function fitted(catalogue: Catalogue, demand: Demand, hosts: ReadonlyMap<string, Answer>): Demand {
  const host = hosts.get(demand.project);
  if (host === undefined) return demand;
  const tool = `${demand.tool}-${host.demand.id}-${host.selection.line}`;
  return catalogue.tool(tool) === null ? demand : { ...demand, tool };
}

function answerByTool(context: PlanContext, demands: readonly Demand[]): Answers {
  const all = [...byKey(demands, ({ tool }) => tool).values()].map((each) => answer(context, each));
  return withoutDoubles({
    answers: all.flatMap(({ answers }) => answers),
    findings: all.flatMap(({ findings }) => findings),
  });
}

/** A plan names a package by its line: the same line built for two others would be two packages of one name. */
function withoutDoubles({ answers, findings }: Answers): Answers {
  const byLine = new Map<string, Answer>();
  const doubles: Finding[] = [];
  const settled = answers.map((each) => {
    const first = byLine.get(each.selection.line);
    if (first === undefined) byLine.set(each.selection.line, each);
    if (first === undefined || first.selection.tool === each.selection.tool) return each;
    const { id, project } = each.demand;
    doubles.push(
      finding(
        'tool-built-for-another',
        'warning',
        `${id} ${each.selection.line} in ${project} is built for another version of ${builtFor[id]} than ${project} has: that of ${first.demand.project}`,
        `Let both ask for the same ${builtFor[id]}.`,
        each.request === null ? [] : [each.request.because],
      ),
    );
    return { ...each, selection: first.selection };
  });
  return { answers: settled, findings: [...findings, ...doubles] };
}
