/** What the application talks to, and what can run it without containers. */
import { append } from '../append.ts';
import { addTo } from '../grouped.ts';
import { isPlainName } from '../text/plain-name.ts';
import { configEvidence, finding, merged, needsOf, type PlanContext } from './context.ts';
import { resolve } from './native.ts';
import { type Parts, permit, versioned } from './parts.ts';
import type { Finding, Service } from './schema.ts';
import { serviceRow, serviceRows } from './service-rows.ts';
import { answer, remarks } from './versions.ts';

type Wanted = Omit<Service, 'package'> & { isGuess: boolean };

/**
 * One entry per service, whoever named it; with a package where nixpkgs has one that the shell is to hold. Where
 * Compose runs them in containers, none has.
 *
 * @returns keys: what the shell that starts them holds, with the manager of processes where its file is asked for
 */
export function planServices(
  context: PlanContext,
  main: string,
  parts: Parts,
): { services: Service[]; keys: string[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const isComposed = needsOf(context.needs, 'nested-container').some(
    ({ container, confidence }) => container === 'compose' && confidence === 'high',
  );
  const services = wantedServices(context, findings).map(({ isGuess, ...wanted }): Service => {
    const row = serviceRow(wanted.id);
    const service = { ...wanted, port: wanted.port ?? row?.port ?? null };
    if (row === null || isComposed || (isGuess && row.isLarge === true)) return service;
    const { answers, findings: problems } = answer(context, [demandOf(service)]);
    // A service that nixpkgs lacks is no reason to make nothing.
    append(
      findings,
      problems.map((each): Finding => ({ ...each, severity: 'warning' })),
    );
    const [found] = answers;
    if (found === undefined) return service;
    append(findings, remarks(context.catalogue, found));
    const { selection, request } = found;
    const entry = versioned(main, service.id, selection, request?.raw ?? null, service.because);
    parts.services.set(entry.key, entry);
    permit(parts, selection.fact.channel, selection.fact);
    return { ...service, package: entry };
  });
  const keys = services.flatMap((each) => each.package?.key ?? []);
  return { services, keys: [...keys, ...processManager(context, main, parts)], findings };
}

/** What runs servers and projects side by side, where the configuration asks for its file. */
function processManager(context: PlanContext, main: string, parts: Parts): string[] {
  if (context.config.services?.processCompose !== true) return [];
  const because = [configEvidence('services')];
  const key = resolve(context, 'process-compose', 'program', main, main, null, because, parts);
  return key === null ? [] : [key];
}

function demandOf({ id, version, because: [first] }: Pick<Service, 'id' | 'version' | 'because'>) {
  const because = first ?? configEvidence('services');
  const requests = version === null ? [] : [{ raw: version, scheme: 'prefix' as const, because }];
  return { id, tool: id, project: '.', requests };
}

/** What evidence and the configuration say, by id. */
function wantedServices({ needs, config }: PlanContext, findings: Finding[]): Wanted[] {
  const byId = new Map<string, Wanted>();
  const reasons = new Map<string, Wanted['because'][]>();
  for (const { id, version, port, because, isGuess = false, user, database } of needsOf(needs, 'service')) {
    const known = byId.get(id);
    byId.set(id, {
      id,
      version: known?.version ?? version,
      port: known?.port ?? port,
      ...named('user', known?.user ?? user),
      ...named('database', known?.database ?? database),
      isGuess: (known?.isGuess ?? true) && isGuess,
      because: [],
    });
    addTo(reasons, id, because);
  }
  for (const [id, each] of byId) each.because = merged((reasons.get(id) ?? []).flat());
  const { add = [], remove = [] } = config.services ?? {};
  for (const id of add) {
    const row = serviceRow(id);
    const because = [{ ...configEvidence('services'), text: id }];
    if (row === null) findings.push(unknownService(id, because));
    else {
      const known = byId.get(id) ?? { id, version: null, port: row.port, because: [] };
      byId.set(id, { ...known, isGuess: false, because: merged(known.because, because) });
    }
  }
  for (const id of remove) byId.delete(id);
  return [...byId.values()];
}

function named<K extends 'user' | 'database'>(key: K, value: string | undefined): { [P in K]?: string } {
  const entry: { [P in K]?: string } = {};
  if (value !== undefined && isPlainName(value)) entry[key] = value;
  return entry;
}

function unknownService(id: string, because: Finding['because']): Finding {
  return finding(
    'service-unknown',
    'warning',
    `nidify.jsonc: "services" asks for ${id}, which nidify cannot start`,
    `Known are ${serviceRows.map((row) => row.id).join(', ')}.`,
    because,
  );
}
