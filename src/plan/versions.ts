/**
 * Which version line serves which project. One line for all projects when one satisfies them all: an
 * environment is shared where it can be.
 */
import { isByName } from '../catalogue/possible.ts';
import { satisfies, selectLine } from '../catalogue/select.ts';
import type { Catalogue, Selection } from '../catalogue/types.ts';
import type { VersionRequest } from '../detect/types.ts';
import { intersection } from '../versions/interval.ts';
import { readRequest } from '../versions/request.ts';
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
  /** What the surroundings have, which the requests allow, but which is not supported any more. */
  aged?: VersionRequest;
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
  const answers: Answer[] = [];
  const select = selector(context);
  const wishes = demands.map((demand) => ({ demand, ...decisive(context, demand, select) }));
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
function selector(context: PlanContext): Select {
  const known = new Map<string, Selection | null>();
  return (demand, request) => {
    const key = JSON.stringify([demand.tool, request?.scheme, request?.raw]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const fresh = selectLine(context.catalogue, demand.tool, request, { channel: mainChannel(context) });
    const selection = lockedSelection(context, demand, request, fresh) ?? fresh;
    known.set(key, selection);
    return selection;
  };
}

type Select = (demand: Demand, request: VersionRequest | null) => Selection | null;

/**
 * The configuration's word, else the first request in the tools' own order of precedence; where that leaves several
 * lines open, what the surroundings say decides within them, unless that line has reached its end of life.
 */
function decisive(context: PlanContext, demand: Demand, select: Select): Pick<Answer, 'request' | 'aged'> {
  const { id, requests } = demand;
  const wanted = context.config.versions?.[id];
  if (wanted !== undefined) {
    const because = { ...configEvidence('versions'), text: `"${id}": "${wanted}"` };
    return { request: { raw: wanted, scheme: /^\d/.test(wanted) ? 'prefix' : 'alias', because } };
  }
  const [first] = requests;
  if (first === undefined) return { request: null };
  const own = later(context, demand, first, select) ?? { request: first };
  const stated = requests.find((request) => request.stated !== undefined);
  if (stated === undefined || stated === first) return own;
  const selection = select(demand, stated);
  const before = select(demand, own.request);
  const isOther = selection !== null && before !== null && selection.line !== before.line;
  if (!isOther || before.match === 'nearest' || !isAllowed(requests, stated)) return own;
  const isServed = selection.match !== 'nearest' || isOnLine(selection.line, stated.raw);
  const isRefused = isForbidden(context.catalogue, selection, requests);
  return isServed && !isRefused && selection.status === 'supported'
    ? { request: stated }
    : { request: own.request, aged: stated };
}

/**
 * The nearest supported line after what it was tested with (by its own words, or in a matrix), or after what an image
 * has that no channel has: where those are not supported any more, and no bound forbids it.
 */
function later(
  { catalogue }: PlanContext,
  demand: Demand,
  first: VersionRequest,
  select: Select,
): { request: VersionRequest; aged: VersionRequest } | null {
  const raw = first.testedUpTo ?? (first.stated === undefined ? '' : first.raw.replace(/^v/, ''));
  // What was written for Python 2 runs on no later one.
  if (!/^\d{1,9}(\.\d{1,9})*$/.test(raw) || (demand.id === 'python' && /^2\b/.test(raw))) return null;
  const before = select(demand, first);
  if (before?.status === 'supported') return null;
  if (first.stated === 'alone' && before?.match !== 'nearest') return null;
  const request: VersionRequest = { raw, scheme: 'onwards', because: first.because };
  const selection = select(demand, request);
  const isBetter = selection?.status === 'supported' && selection.match !== 'nearest';
  return isBetter && !isForbidden(catalogue, selection, demand.requests) ? { request, aged: first } : null;
}

/** Whether a bound of the language's own files is against it; what was tested is no bound. */
function isForbidden(
  catalogue: Catalogue,
  selection: Selection,
  requests: readonly VersionRequest[],
): boolean {
  return requests.some(
    ({ stated, testedUpTo, ...request }) =>
      stated === undefined && testedUpTo === undefined && satisfies(catalogue, selection, request) === 'no',
  );
}

/** Whether the language's own requests leave room for what the surroundings ask for. */
function isAllowed(requests: readonly VersionRequest[], stated: VersionRequest): boolean {
  const asked = readRequest(stated);
  if (asked.kind !== 'set') return true;
  return requests.every((request) => {
    const isBound = request.stated === undefined && request.testedUpTo === undefined;
    const own = isBound ? readRequest(request) : null;
    return own?.kind !== 'set' || intersection([own.set, asked.set]).length > 0;
  });
}

/** `22` is the line of `22.14.0`: surroundings name patch levels that nobody depends on. */
function isOnLine(line: string, raw: string): boolean {
  return `${raw.replace(/^v/, '')}.`.startsWith(`${line}.`);
}

/** The first selection that no project refuses. A thousand projects have few lines, and say few things. */
function common(catalogue: Catalogue, answers: readonly Answer[]): Selection | null {
  const requests = new Map<string, VersionRequest>();
  const selections = new Map<string, Selection>();
  for (const { request, selection } of answers) {
    if (request !== null) requests.set(JSON.stringify([request.scheme, request.raw]), request);
    const { tool, line, fact } = selection;
    const key = JSON.stringify([tool, line, fact.channel, fact.version, fact.precision]);
    if (!selections.has(key)) selections.set(key, selection);
  }
  const isRefused = (selection: Selection) =>
    [...requests.values()].some((request) => satisfies(catalogue, selection, request) === 'no');
  return [...selections.values()].find((selection) => !isRefused(selection)) ?? null;
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

/** More lines than these are no answer to the question which there are. */
const maxLines = 8;

/** Which lines may be chosen, newest first. */
function choiceOf(catalogue: Catalogue, { id, tool }: Demand): string {
  const lines = (catalogue.tool(tool)?.lines ?? []).filter((line) => !isByName(line)).map(({ line }) => line);
  if (lines.length < 2) return `nidify knows no other ${id}: name a package with "packages" in nidify.jsonc.`;
  const more = lines.length > maxLines ? ', and older ones' : '';
  return `nidify knows ${id} ${lines.slice(0, maxLines).join(', ')}${more}: choose with "versions" in nidify.jsonc.`;
}

/** What a person should know of an answer. */
export function remarks(catalogue: Catalogue, { demand, request, selection, aged: old }: Answer): Finding[] {
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
        strictHint ?? choiceOf(catalogue, demand),
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
    request === null || request.because.rule === 'config/versions'
      ? []
      : demand.requests.filter(
          (each, at) => each !== request && (each.stated !== 'among' || (at === 0 && each === old)),
        );
  for (const other of others) {
    if (other === old) found.push(superseded(given, demand, old));
    if (other === old || (other.stated !== undefined && isOnLine(line, other.raw))) continue;
    if (satisfies(catalogue, selection, other) !== 'no' || isLater(catalogue, selection, other)) continue;
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

/** What it was tested with is only older. */
function isLater(catalogue: Catalogue, selection: Selection, { testedUpTo: raw }: VersionRequest): boolean {
  return raw !== undefined && satisfies(catalogue, selection, { raw, scheme: 'onwards' }) !== 'no';
}

function superseded(given: string, { id, requests }: Demand, old: VersionRequest): Finding {
  const { raw, because, stated } = old;
  const message =
    old !== requests[0]
      ? `has ${id} ${raw}, which is no longer supported; the other files allow ${given}`
      : stated === 'alone'
        ? `has ${id} ${raw}, which nothing gives any more: ${given} is the nearest that is supported`
        : `names ${id} ${raw} as tested, which is no longer supported: ${given} is the nearest that is`;
  return finding(
    'version-superseded',
    'info',
    `${place([because])} ${message}`,
    'Where it must be that one, say so with "versions" in nidify.jsonc.',
    [because],
  );
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
