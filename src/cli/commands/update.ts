import { ExitCode } from '../../errors.ts';
import { lockOf } from '../../lock/make.ts';
import type { Lock } from '../../lock/types.ts';
import type { Plan } from '../../plan/schema.ts';
import { temporaryFolder } from '../../temporary.ts';
import { findImages, type ImageUpdate } from '../../update/images.ts';
import { sourcesFrom } from '../../update/sources.ts';
import { findUpdate, updatedLock } from '../../update/update.ts';
import { lockedIn } from '../../write/locked.ts';
import { write } from '../../write/write.ts';
import type { Context } from '../context.ts';
import { integrationsKept } from '../integrations.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { outputOf, ownRepository, placingOf } from '../repository.ts';
import type { UpdateResult } from '../results/index.ts';
import { timeoutOf } from '../timeout.ts';
import { updatedView } from '../views/updated.ts';

export interface UpdateArguments {
  directory?: string | undefined;
  output?: string | undefined;
  dryRun?: boolean | undefined;
  force?: boolean | undefined;
  timeout?: string | undefined;
  json?: boolean | undefined;
}

/** Nixpkgs is large, and four systems of it are evaluated. */
const defaultTimeoutMs = 900_000;

/** Moves the pins: the one command that asks the network and Nix what there is. */
export async function update(args: UpdateArguments, context: Context): Promise<ExitCode> {
  const { io, stages } = context;
  const own = ownRepository(args.directory, context);
  const repository = own.directory;
  const directory = outputOf(own, args.output, context);
  const timeoutMs = timeoutOf(args.timeout) ?? defaultTimeoutMs;
  const sources = sourcesFrom(io.env);
  const before = lockedIn(directory, repository);
  const { signal } = io;
  const kept = integrationsKept(before, own, directory);

  // Lines and images are resolved anew; the pins of today are what the newest ones are compared with.
  const fresh = before && { ...before, lines: [], images: [] };
  const wanted = await stages.analyze(repository, { locked: fresh, signal });
  // What cannot be written later is better said before the downloads.
  const force = args.force === true;
  const today = await stages.render(wanted, kept, placingOf(own, directory));
  await write(today, { directory, repository, lock: lockOf(wanted, today), dryRun: true, force });
  const folder = temporaryFolder('nidify-update-');
  let locked: Lock;
  let imageUpdate: ImageUpdate;
  try {
    const found = await withProgress(context, 'check', 'asking what is newest', async (tell) => ({
      ...(await findUpdate(wanted, { sources, cwd: folder.directory, timeoutMs, signal, onProgress: tell })),
      ...(await findImages(wanted, before?.images ?? [], {
        mirror: sources.registry,
        timeoutMs,
        signal,
        onProgress: tell,
      })),
    }));
    imageUpdate = found;
    locked = updatedLock(wanted, lockOf(wanted, today), found, found.images);
  } finally {
    folder.remove();
  }

  const plan = await stages.analyze(repository, { locked, signal });
  const files = await stages.render(plan, kept, placingOf(own, directory));
  const lock = lockOf(plan, files);
  const dryRun = args.dryRun === true;
  const written = await write(files, { directory, repository, lock, dryRun, force });
  const exitCode = plan.findings.some(({ severity }) => severity === 'error')
    ? ExitCode.unserved
    : ExitCode.done;
  const result: UpdateResult = {
    schemaVersion: 1,
    command: 'update',
    exitCode,
    dryRun,
    pins: movedPins(before, wanted, lock),
    ...(plan.container === undefined ? {} : { images: movedImages(before, lock) }),
    versions: changedVersions(before, lock),
    files: written,
    findings: [...imageUpdate.findings, ...plan.findings],
  };
  if (args.json === true) printResult(io, result);
  else io.out(updatedView(result, io.columns, context.quiet));
  return exitCode;
}

function movedPins(before: Lock | null, wanted: Plan, { pins }: Lock): UpdateResult['pins'] {
  const known = [...(before?.pins ?? []), ...wanted.nixpkgs];
  return pins.map(({ input, channel, rev }) => ({
    input,
    channel,
    from: known.find((pin) => pin.channel === channel)?.rev ?? rev,
    to: rev,
  }));
}

function movedImages(before: Lock | null, { images = [] }: Lock): NonNullable<UpdateResult['images']> {
  return images.map(({ reference, digest }) => ({
    reference,
    from: before?.images?.find((image) => image.reference === reference)?.digest ?? null,
    to: digest,
  }));
}

function changedVersions(before: Lock | null, { lines }: Lock): UpdateResult['versions'] {
  const old = before?.lines ?? [];
  const gone = old.filter(({ id }) => !lines.some((line) => line.id === id));
  return [
    ...lines.flatMap(({ key, id, version }) => {
      const from =
        (old.find((line) => line.key === key) ?? old.find((line) => line.id === id))?.version ?? null;
      return from === version ? [] : [{ key, from, to: version }];
    }),
    ...gone.map(({ key, version }) => ({ key, from: version, to: null })),
  ];
}
