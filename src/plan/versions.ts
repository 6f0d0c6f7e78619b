/**
 * Which version line serves which project. One line for all projects when one satisfies them all: an
 * environment is shared where it can be.
 */
import { satisfies, selectLine } from '../catalogue/select.ts';
import type { Catalogue, Selection } from '../catalogue/types.ts';
import type { VersionRequest } from '../detect/types.ts';
import { configEvidence, finding, type PlanContext, place } from './context.ts';
import { mainChannel } from './inputs.ts';
import { lockedSelection } from './locked.ts';
import type { Finding } from './schema.ts';

/** What one project asks of one tool. */
export interface Demand {
  /** Id in the plan: `node`, `yarn`. */
  id: string;
  /** Id in the catalogue: `yarn-berry`. */
  tool: string;
  project: string;
  /** In order of precedence; the first decides. */
  requests: readonly VersionRequest[];
}

export interface Answer {
  demand: Demand;
  /** The request that decided; null when nothing was asked. */
  request: VersionRequest | null;
  selection: Selection;
}

/**
 * Answers the demands on one tool: with a single selection where one satisfies every project's first
 * request, else with each project's own.
 *
 * @returns no answer for a demand on a tool that the catalogue does not have; its finding says so
 */
export function answer(
  context: PlanContext,
  demands: readonly Demand[],
): { answers: Answer[]; findings: Finding[] } {
  const { catalogue } = context;
  const findings: Finding[] = [];
  const wishes = demands.map((demand) => ({ demand, request: decisive(context, demand) }));
  const answers: Answer[] = [];
  const select = selector(context);
  for (const wish of wishes) {
    const selection = select(wish.demand, wish.request);
    if (selection === null) findings.push(notServed(wish.demand, wish.request));
    else answers.push({ ...wish, selection });
  }
  const shared = common(catalogue, answers);
  const decided = shared === null ? answers : answers.map((each) => withShared(catalogue, each, shared));
  return { answers: decided, findings };
}

/** A hundred projects of a workspace ask the same: each question is answered once. */
function selector(context: PlanContext) {
  const known = new Map<string, Selection | null>();
  return (demand: Demand, request: VersionRequest | null): Selection | null => {
    const key = JSON.stringify([demand.tool, request?.scheme, request?.raw]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const fresh = selectLine(context.catalogue, demand.tool, request, { channel: mainChannel(context) });
    const selection = lockedSelection(context, demand, request, fresh) ?? fresh;
    known.set(key, selection);
    return selection;
  };
}

/** The configuration's word, else the first request in the tools' own order of precedence. */
function decisive({ config }: PlanContext, { id, requests }: Demand): VersionRequest | null {
  const wanted = config.versions?.[id];
  if (wanted === undefined) return requests[0] ?? null;
  const because = { ...configEvidence('versions'), text: `"${id}": "${wanted}"` };
  return { raw: wanted, scheme: /^\d/.test(wanted) ? 'prefix' : 'alias', because };
}

/** The first selection that no project refuses. */
function common(catalogue: Catalogue, answers: readonly Answer[]): Selection | null {
  const refuses =
    (selection: Selection) =>
    ({ request }: Answer) =>
      request !== null && satisfies(catalogue, selection, request) === 'no';
  return (
    answers.map(({ selection }) => selection).find((selection) => !answers.some(refuses(selection))) ?? null
  );
}

function withShared(catalogue: Catalogue, each: Answer, shared: Selection): Answer {
  const { request } = each;
  if (each.selection.line === shared.line && each.selection.fact.channel === shared.fact.channel) return each;
  if (request === null) return { ...each, selection: { ...shared, match: 'default' } };
  const match = satisfies(catalogue, shared, request) === 'yes' ? 'compatible' : 'assumed';
  return { ...each, selection: { ...shared, match } };
}

function notServed({ id, project }: Demand, request: VersionRequest | null): Finding {
  const asked = request === null ? id : `${id} ${request.raw}`;
  return finding(
    'tool-unknown',
    'error',
    `${asked} is asked for${project === '.' ? '' : ` in ${project}`}, but nidify knows no package for it`,
    `Name a package with "packages": { "add": [...] } in nidify.jsonc.`,
    request === null ? [] : [request.because],
  );
}

/** What to do where nothing satisfies, by the rule that read the request: what the tool itself will say to it. */
const nearestHints: Readonly<Record<string, string>> = {
  // https://learn.microsoft.com/dotnet/core/tools/global-json#rollforward
  'dotnet/global-json':
    'dotnet starts with no SDK that global.json does not accept: let it say "rollForward": "latestFeature".',
};

/** What a person should know of an answer. */
export function remarks(catalogue: Catalogue, { demand, request, selection }: Answer): Finding[] {
  const { fact, status, match, line } = selection;
  // A tool of which a channel has one version has a line without a number.
  const known = fact.version ?? (line === 'default' ? null : line);
  const given = known === null ? demand.id : `${demand.id} ${known}`;
  const found: Finding[] = [];
  const wanted = request?.raw.replace(/^v/, '') ?? '';
  const strictHint = nearestHints[request?.because.rule ?? ''];
  const isPatch = strictHint === undefined && `${wanted}.`.startsWith(`${line}.`);
  if (request !== null && match === 'nearest' && isPatch) {
    found.push(
      finding(
        'version-patch',
        'info',
        `${demand.id} ${wanted} is asked for; ${fact.channel} has ${given} of the same line`,
        'nixpkgs has one patch release of a line at a time.',
        [request.because],
      ),
    );
  } else if (request !== null && match === 'nearest') {
    found.push(
      finding(
        'version-nearest',
        'warning',
        `${demand.id} ${request.raw} cannot be served as it is asked for: ${given} of ${fact.channel} is the nearest`,
        strictHint ?? 'Choose another with "versions" in nidify.jsonc.',
        [request.because],
      ),
    );
  } else if (request !== null && match === 'assumed') {
    found.push(
      finding(
        'version-assumed',
        'info',
        `${demand.id} ${request.raw} is asked for; ${fact.channel} has ${given}, whose exact version is not known offline`,
        '`nidify update` records the exact version.',
        [request.because],
      ),
    );
  }
  if (status !== 'supported') found.push(aged(given, selection, request));
  const others =
    request === null || request.because.rule === 'config/versions' ? [] : demand.requests.slice(1);
  for (const other of others) {
    if (satisfies(catalogue, selection, other) !== 'no') continue;
    found.push(
      finding(
        'version-contradiction',
        'warning',
        `${place([other.because])} asks for ${demand.id} ${other.raw}, but ${place(request === null ? [] : [request.because])} comes first and gives ${given}`,
        'Let both say the same.',
        request === null ? [other.because] : [request.because, other.because],
      ),
    );
  }
  return found;
}

function aged(given: string, { fact, status }: Selection, request: VersionRequest | null): Finding {
  const because = request === null ? [] : [request.because];
  if (status === 'insecure') {
    const isCached = fact.cached === true;
    return finding(
      'runtime-insecure',
      'warning',
      `${given} is marked insecure in every channel that has it: it is permitted by name${isCached ? '' : ', and it is in no binary cache'}`,
      isCached ? 'Move to a supported version.' : 'It will be compiled; move to a supported version.',
      because,
    );
  }
  return finding(
    'runtime-end-of-life',
    'warning',
    `${given} has reached its end of life: it comes from ${fact.channel}, without security updates`,
    'Move to a supported version.',
    because,
  );
}
