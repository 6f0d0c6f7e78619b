/** A Git server for tests: `git http-backend` behind https on loopback, which counts what is asked and sent. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import path from 'node:path';
import { temporaryFolder } from '../../src/temporary.ts';

export interface GitServer {
  /** `https://localhost:<port>`; a repository's folder follows it. */
  address: string;
  /** File with the certificate that clients must trust. */
  certificate: string;
  /** What was asked since the last `reset`, as `GET /shop.git/info/refs`. */
  requests: string[];
  /** Bytes of the answers since then. */
  sent(): number;
  reset(): void;
  /** Instead of Git's own answer: a status, or an answer that never ends. */
  fault: number | 'hangs' | null;
  /** `user:password` that every request must have; null where all may read. */
  login: string | null;
  /** As a server that is older than version 2 of the protocol. */
  isOld: boolean;
  stop(): Promise<void>;
}

/** @param root folder with bare repositories, each of which is served */
export async function startGitServer(root: string): Promise<GitServer> {
  const { directory, remove } = temporaryFolder('nidify-git-server-');
  const [key, certificate] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const requests: string[] = [];
  let sent = 0;
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, response) => {
      requests.push(`${request.method} ${request.url?.split('?')[0]}`);
      if (made.fault === 'hangs') return;
      const wanted = made.login === null ? null : `Basic ${Buffer.from(made.login).toString('base64')}`;
      if (wanted !== null && request.headers.authorization !== wanted) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return;
      }
      if (made.fault !== null) {
        response.writeHead(made.fault).end();
        return;
      }
      answer(root, request, response, made.isOld, (bytes) => {
        sent += bytes;
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const made: GitServer = {
    address: `https://localhost:${port}`,
    certificate,
    requests,
    sent: () => sent,
    reset() {
      requests.length = 0;
      sent = 0;
    },
    fault: null,
    login: null,
    isOld: false,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      remove();
    },
  };
  return made;
}

/** CGI: https://git-scm.com/docs/git-http-backend */
function answer(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  isOld: boolean,
  count: (bytes: number) => void,
): void {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: path.join(root, 'server.gitconfig'),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: isOld ? '' : String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  let isHead = true;
  child.stdout.on('data', (chunk: Buffer) => {
    count(chunk.length);
    if (!isHead) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    isHead = false;
    let status = 200;
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/, 2);
      if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => response.end());
}
