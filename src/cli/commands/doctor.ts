import { defaultNixSettings, type NixSettings } from '../../build/nix.ts';
import { containers } from '../../doctor/containers.ts';
import { disks, network, programs, userNamespaces } from '../../doctor/machine.ts';
import { configuration, nameOne, program, sandbox, sandboxNotTried } from '../../doctor/nix.ts';
import { thisMachine } from '../../doctor/probe.ts';
import type { Check } from '../../doctor/types.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import type { Plan } from '../../plan/schema.ts';
import type { Context } from '../context.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { storeOf } from '../store.ts';
import { table } from '../terminal/table.ts';
import { dim, green, type Line, red, yellow } from '../terminal/text.ts';

export interface DoctorArguments {
  store?: string | undefined;
  canary?: boolean | undefined;
  json?: boolean | undefined;
}

/** Says what this machine can do. The sandbox is tried with the nixpkgs of the repository in the working directory. */
export async function doctor(args: DoctorArguments, context: Context): Promise<ExitCode> {
  const { io, base } = context;
  const settings: NixSettings = {
    ...defaultNixSettings,
    store: args.store === undefined ? null : storeOf(args.store, base),
    timeoutMs: 600_000,
    signal: io.signal,
  };
  const checks = await withProgress(context, 'check', 'looking at this machine', (tell) =>
    examine(settings, args.canary !== false, context, tell),
  );
  const exitCode = checks.some(({ state }) => state === 'missing') ? ExitCode.no : ExitCode.done;
  if (args.json === true) printResult(io, { schemaVersion: 1, command: 'doctor', exitCode, checks });
  else io.out(view(checks, io.columns));
  return exitCode;
}

async function examine(
  settings: NixSettings,
  triesSandbox: boolean,
  context: Context,
  tell: (text: string) => void,
): Promise<Check[]> {
  const plan = await planOf(context);
  const probe = thisMachine(context.io.env);
  const { check, version } = await program(plan, settings);
  const checks = [check];
  if (version !== null) checks.push(...(await configuration(settings, probe)));
  if (!triesSandbox) checks.push(sandboxNotTried('--no-canary', 'Leave --no-canary out.'));
  else if (check.state !== 'ok') checks.push(sandboxNotTried('Nix is missing or too old', 'See nix.'));
  else if (plan === null) checks.push(sandboxNotTried('there is no plan to take nixpkgs from', nameOne));
  else {
    tell('proving that the sandbox holds');
    checks.push(...(await sandbox(plan, settings)));
  }
  const store = settings.store?.startsWith('/') ? settings.store : '/nix/store';
  checks.push(await userNamespaces(context.io.signal));
  tell('asking the container engines');
  checks.push(...(await containers(probe, context.io.signal)));
  checks.push(...disks(store, probe), ...programs(probe), ...network(probe));
  return checks;
}

/** A folder without a plan is no reason not to look at the machine. */
async function planOf({ stages, base, io }: Context): Promise<Plan | null> {
  try {
    return await stages.analyze(base, { signal: io.signal });
  } catch (error) {
    if (error instanceof NidifyError) return null;
    throw error;
  }
}

const colors = { ok: green, limited: yellow, missing: red } as const;

function view(checks: readonly Check[], columns: number): Line[] {
  const rows = checks.flatMap(({ id, state, found, consequence, fix }): Line[][] => [
    [[colors[state](state)], [id], [found.split('\n')[0] ?? '']],
    ...[consequence, fix === null ? null : `→ ${fix}`].flatMap((text) =>
      text === null || text === '' ? [] : [[[''], [''], [dim(text)]] satisfies Line[]],
    ),
  ]);
  return table(rows, { columns });
}
