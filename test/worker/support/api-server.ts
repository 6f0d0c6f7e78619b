import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that keeps objects as an API server does, for the endpoints that the client uses, and records requests. */
export interface Recorded {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  headers: http.IncomingHttpHeaders;
}

export type Handler = (request: Recorded, response: http.ServerResponse) => boolean | undefined;

export interface ApiServer {
  url: string;
  requests: Recorded[];
  objects: Map<string, Record<string, unknown>>;
  /** Asked first; it answers by returning true. */
  before: Handler | null;
  close(): Promise<void>;
}

export function answer(response: http.ServerResponse, status: number, body: object, headers = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}

export const statusBody = (code: number, message: string) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  message,
});

export async function startApiServer(): Promise<ApiServer> {
  const api: ApiServer = {
    url: '',
    requests: [],
    objects: new Map(),
    before: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const server = http.createServer((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk) => {
      text += chunk;
    });
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '', 'http://api');
      const request: Recorded = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: text === '' ? null : JSON.parse(text),
        headers: incoming.headers,
      };
      api.requests.push(request);
      if (api.before?.(request, response) === true) return;
      standard(api, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

function standard({ objects }: ApiServer, request: Recorded, response: http.ServerResponse): true {
  const { method, path, query, body } = request;
  const there = objects.get(path);
  if (method === 'PATCH') {
    if (query.dryRun === undefined) objects.set(path, body as Record<string, unknown>);
    return answer(response, there === undefined ? 201 : 200, body as object);
  }
  if (method === 'POST') {
    const { name } = (body as { metadata: { name: string } }).metadata;
    if (objects.has(`${path}/${name}`))
      return answer(response, 409, statusBody(409, `"${name}" already exists`));
    if (query.dryRun === undefined) objects.set(`${path}/${name}`, body as Record<string, unknown>);
    return answer(response, 201, body as object);
  }
  if (method === 'DELETE') {
    objects.delete(path);
    return answer(response, 200, {});
  }
  if (there !== undefined) return answer(response, 200, there);
  if (/\/(jobs|pods)$/.test(path)) {
    const items = [...objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, object]) => object);
    return answer(response, 200, { kind: 'List', metadata: { resourceVersion: '1' }, items });
  }
  return answer(response, 404, statusBody(404, `${path} not found`));
}
