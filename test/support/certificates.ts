import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { folderWith } from './folder.ts';

export interface Certificates {
  /** Files. */
  authority: string;
  certificate: string;
  key: string;
}

/** An authority of one's own, and what it says of this machine; gone when the test is over, unless a folder is given. */
export function certificates(names = 'IP:127.0.0.1,DNS:localhost', folder = folderWith()): Certificates {
  writeFileSync(path.join(folder, 'names.cnf'), `subjectAltName=${names}\nauthorityKeyIdentifier=keyid\n`);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  // Python from 3.13 on is strict.
  const uses = ['-addext', 'keyUsage=critical,keyCertSign'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=test authority',
    ...uses,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  openssl('req', ...key, '-subj', '/CN=127.0.0.1', '-keyout', 'server.key', '-out', 'server.csr');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names.cnf'];
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem');
  return {
    authority: path.join(folder, 'ca.pem'),
    certificate: path.join(folder, 'server.pem'),
    key: path.join(folder, 'server.key'),
  };
}
