/**
 * Lets programs in a network namespace of its own, which has only lo, reach a proxy that listens on a UNIX socket.
 *
 * It runs by nidify's own Node.js between two bwraps: the outer one makes the network namespace and leaves the
 * host's files as they are, so that Node.js and the socket are at hand; the inner one, which this starts, makes
 * the sandbox's files and processes. Nothing of the host is needed in the sandbox, and the environment needs
 * no Node.js. It is text since it is another process's program, which must work from a bundle too.
 *
 * A registry on this machine's own loopback is at the same port of the sandbox's: there programs do not ask a proxy.
 *
 * Its arguments: the UNIX socket, the port, the endpoints on loopback (`localhost:4873,...`), the descriptors to
 * pass on (`3,4`), the program and its arguments.
 */
export const forwarderProgram = `
'use strict';
const net = require('node:net');
const os = require('node:os');
const { spawn } = require('node:child_process');
const [socketPath, port, endpoints, fds, program, ...args] = process.argv.slice(1);
const failed = (error) => { console.error('nidify: ' + error.message); process.exit(125); };
const join = (client, proxy) => {
  const end = () => { client.destroy(); proxy.destroy(); };
  client.on('error', end);
  proxy.on('error', end);
  client.on('close', () => proxy.destroy());
  proxy.on('close', () => client.destroySoon());
};
const dial = () => net.connect({ path: socketPath, allowHalfOpen: true });
const toProxy = (client) => {
  const proxy = dial();
  join(client, proxy);
  client.pipe(proxy).pipe(client);
};
const toEndpoint = (endpoint) => (client) => {
  const proxy = dial();
  join(client, proxy);
  proxy.write('CONNECT ' + endpoint + ' HTTP/1.1\\r\\nHost: ' + endpoint + '\\r\\n\\r\\n');
  let answer = Buffer.alloc(0);
  const read = (chunk) => {
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf('\\r\\n\\r\\n');
    if (end < 0) return;
    proxy.off('data', read);
    if (!/^HTTP\\/1\\.1 200 /.test(answer.toString('latin1'))) return client.destroy();
    client.write(answer.subarray(end + 4));
    client.pipe(proxy).pipe(client);
  };
  proxy.on('data', read);
};
const listen = (port, host, serve) => new Promise((resolve, reject) => {
  net.createServer({ allowHalfOpen: true }, serve).on('error', reject).listen(port, host, resolve);
});
const start = () => {
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', ...fds.split(',').filter(Boolean).map(Number)] });
  child.on('error', failed);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
};
const local = endpoints.split(',').filter(Boolean).map((endpoint) => {
  const [host, number] = endpoint.split(':');
  return listen(Number(number), host === 'localhost' ? '127.0.0.1' : host, toEndpoint(endpoint));
});
Promise.all([listen(Number(port), '127.0.0.1', toProxy), ...local]).then(start, failed);
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
`;

/** On the sandbox's own lo, where nothing else listens. */
export const forwarderPort = 3128;
