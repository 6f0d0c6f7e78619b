/**
 * Lets programs in a network namespace of its own, which has only lo, reach a proxy that listens on a UNIX socket.
 *
 * It runs by nidify's own Node.js between two bwraps: the outer one makes the network namespace and leaves the
 * host's files as they are, so that Node.js and the socket are at hand; the inner one, which this starts, makes
 * the sandbox's files and processes. Nothing of the host is needed in the sandbox, and the environment needs
 * no Node.js. It is text since it is another process's program, which must work from a bundle too.
 *
 * Its arguments: the UNIX socket, the port, the descriptors to pass on (`3,4`), the program and its arguments.
 */
export const forwarderProgram = `
'use strict';
const net = require('node:net');
const os = require('node:os');
const { spawn } = require('node:child_process');
const [socketPath, port, fds, program, ...args] = process.argv.slice(1);
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  const proxy = net.connect({ path: socketPath, allowHalfOpen: true });
  const end = () => { client.destroy(); proxy.destroy(); };
  client.on('error', end);
  proxy.on('error', end);
  client.on('close', () => proxy.destroy());
  proxy.on('close', () => client.destroySoon());
  client.pipe(proxy).pipe(client);
});
const failed = (error) => { console.error('nidify: ' + error.message); process.exit(125); };
server.on('error', failed);
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', ...fds.split(',').filter(Boolean).map(Number)] });
  child.on('error', failed);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
});
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
`;

/** On the sandbox's own lo, where nothing else listens. */
export const forwarderPort = 3128;
