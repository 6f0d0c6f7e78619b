import path from 'node:path';
import type { Cluster, ConnectOptions } from '../../../worker/client/connect.ts';
import type { Context } from '../../context.ts';
import { dim } from '../../terminal/text.ts';

export interface ConnectionArguments {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  namespace?: string | undefined;
}

export function connectionOf(args: ConnectionArguments, { io, base, quiet }: Context): ConnectOptions {
  return {
    kubeconfig: args.kubeconfig === undefined ? undefined : path.resolve(base, args.kubeconfig),
    context: args.context,
    signal: io.signal,
    onRetry: (why, waitMs) => {
      if (!quiet) io.err([[dim(`the API server: ${why}; again in ${Math.round(waitMs / 100) / 10} s`)]]);
    },
  };
}

/** The namespace that is named, else the context's, else the one that is rendered by default. */
export function namespaceOf({ namespace }: ConnectionArguments, cluster: Cluster): string {
  return namespace ?? cluster.namespace ?? 'nidify';
}
