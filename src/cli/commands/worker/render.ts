import path from 'node:path';
import { ExitCode } from '../../../errors.ts';
import type { Context } from '../../context.ts';
import { printResult } from '../../json.ts';
import { type ClusterArguments, renderOf, tellWarnings } from './cluster.ts';

export interface RenderArguments extends ClusterArguments {
  output?: string | undefined;
  force?: boolean | undefined;
}

/** Prints the manifests as one stream, or writes one file per object. */
export async function render(args: RenderArguments, context: Context): Promise<ExitCode> {
  const { io, base, quiet } = context;
  const { options, rendered, warnings } = await renderOf(args, context);
  const { manifestFiles, manifestStream } = await import('../../../worker/render.ts');
  const output = args.output === undefined ? null : path.resolve(base, args.output);
  const files = output === null ? [] : manifestFiles(rendered, options);
  if (output !== null) {
    const { writeManifests } = await import('../../../worker/write.ts');
    writeManifests(output, files, args.force === true);
  }
  tellWarnings(warnings, context);
  if (args.json === true) {
    printResult(io, {
      schemaVersion: 1,
      command: 'worker render',
      exitCode: ExitCode.done,
      namespace: options.namespace,
      podSecurity: rendered.standard,
      job: rendered.job,
      output,
      files: files.map(({ name }) => name),
      objects: rendered.objects,
      warnings,
    });
  } else if (output === null) io.raw(manifestStream(rendered, options));
  else if (!quiet) {
    io.out([
      [`${files.length} files in ${output}; apply them with: kubectl apply -k ${output}`],
      [`The namespace ${options.namespace} has to admit the Pod Security Standard ${rendered.standard}.`],
    ]);
  }
  return ExitCode.done;
}
