import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../src/temporary.ts';

/** The policy in front of an engine, as a program of its own. */
export interface Policy {
  /** The path of its socket. */
  socket: string;
  pid: number;
  /** Every line that it wrote to standard error so far. */
  lines(): string[];
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

export interface PolicyOptions {
  engine: string;
  workspaces: readonly string[];
  runNetwork?: string;
  buildNetwork?: string;
  flags?: readonly string[];
}

export const policyFile = fileURLToPath(
  new URL('../../templates/container/docker-policy.mjs', import.meta.url),
);

/** Ready to be asked. */
export async function startPolicy(options: PolicyOptions): Promise<Policy> {
  const folder = temporaryFolder('nidify-policy-');
  const socket = path.join(folder.directory, 'docker.sock');
  const policy = spawn(
    process.execPath,
    [
      policyFile,
      ...['--listen', socket, '--engine', options.engine],
      ...options.workspaces.flatMap((workspace) => ['--workspace', workspace]),
      ...[
        '--run-network',
        options.runNetwork ?? 'bridge',
        '--build-network',
        options.buildNetwork ?? 'bridge',
      ],
      ...['--ready-fd', '3', ...(options.flags ?? [])],
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let written = '';
  policy.stderr?.on('data', (part: Buffer) => {
    written += part.toString();
  });
  const ended = new Promise<number | null>((resolve) => policy.once('exit', resolve));
  const isReady = new Promise<boolean>((resolve) => {
    policy.stdio[3]?.once('data', () => resolve(true));
    ended.then(() => resolve(false));
  });
  if (!(await isReady)) throw new Error(`the policy did not start: ${written}`);
  return {
    socket,
    pid: policy.pid ?? 0,
    lines: () => written.split('\n').filter((line) => line !== ''),
    ended,
    stop: async () => {
      policy.kill('SIGTERM');
      await ended;
      folder.remove();
    },
  };
}

/** Sends these bytes and hands back what is answered until the other end closes. */
export function send(socketPath: string, bytes: string | Buffer, timeout = 10_000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(socketPath, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), timeout);
    socket.on('data', (part) => {
      answer += part.toString('latin1');
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
