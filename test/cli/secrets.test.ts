/** Whatever looks like a secret, wherever it stands, is in nothing that nidify prints or writes. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { folderWith } from '../support/folder.ts';
import { capturedIo } from '../support/io.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Put together here, so that no scanner of secrets takes them for one. */
const shapes: readonly [shape: string, name: string, secret: string][] = [
  ['a password by its name', 'DB_PASSWORD', 'hunter2hunter2'],
  ['a short name', 'DB_PASS', 'correcthorse9'],
  ['a passphrase', 'KEY_PASSPHRASE', 'staplebattery7'],
  ['a secret by its name', 'SESSION_SECRET', 'zmxncbvqpwo'],
  ['a token by its name', 'BOT_TOKEN', 'qpwoeiruty1'],
  ['a key by its name', 'STRIPE_API_KEY', 'alskdjfhg22'],
  ['an address with its user', 'DATABASE_URL', 'postgres://shop:s3cr3tpw@db.example.com/shop'],
  ['a classic token of GitHub', 'THING_A', `ghp_${'a1B2c3D4e5'.repeat(3)}`],
  ['a fine-grained token of GitHub', 'THING_B', `github_pat_${'11ABCDEFG0'.repeat(3)}`],
  ['a token of GitLab', 'THING_C', `glpat-${'x9Y8z7W6v5'.repeat(2)}`],
  ['a key of AWS', 'THING_D', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['a key of Google', 'THING_E', `AIza${'SyA1b2C3d4E5f6G7h8'}`],
  ['a key of Stripe', 'THING_F', `sk_live_${'4eC39HqLyjWDarjtT1'}`],
  ['a token of Slack', 'THING_G', `xoxb-${'123456789012-abcdefGHIJ'}`],
  ['a token of npm', 'THING_H', `npm_${'a1B2c3D4e5F6g7H8i9'}`],
  ['a JSON web token', 'THING_I', `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NTY3ODkwIn0'}.c2ln`],
  ['hexadecimal text', 'THING_J', 'deadbeef00112233445566778899aabbccddeeff'],
  ['long random text', 'THING_K', 'Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg'],
];

function repositoryWith(name: string, secret: string): Record<string, string> {
  return {
    'package.json': json({
      name: 'shop',
      engines: { node: '22' },
      scripts: { start: `${name}=${secret} node server.js`, build: `docker login -u me -p ${secret} && tsc` },
      dependencies: { pg: '8' },
    }),
    Procfile: `web: ${name}=${secret} node server.js\n`,
    'requirements.txt': 'flask\n',
    'app.py': '',
    '.env': `${name}=${secret}\n`,
    '.env.example': `${name}=${secret}\n# ${name}=${secret}\nexport ${name}_2="${secret}"\n`,
    'app.json': json({ env: { [name]: { value: secret }, [`${name}_3`]: secret } }),
    'fly.toml': `[env]\n${name} = "${secret}"\n`,
    'render.yaml': `services:\n  - envVars:\n      - key: ${name}\n        value: "${secret}"\n`,
    'vercel.json': json({ env: { [name]: secret } }),
    'netlify.toml': `[build.environment]\n${name} = "${secret}"\n`,
    'wrangler.toml': `name = "w"\n[vars]\n${name} = "${secret}"\n`,
    'compose.yaml': [
      'services:',
      '  app:',
      '    build: .',
      '    environment:',
      `      ${name}: "${secret}"`,
      `      ${name}_4: "\${OUTER_${name}:-${secret}}"`,
      '  db:',
      '    image: postgres:16',
      '    environment:',
      `      - POSTGRES_PASSWORD=${secret}`,
      `      - ${name}=${secret}`,
      '',
    ].join('\n'),
    'src/main/resources/application.properties': `a.b=\${${name}:${secret}}\n${name}=${secret}\n`,
    Makefile: `deploy:\n\t${name}=${secret} docker run --env ${name}=${secret} postgres\n`,
    '.npmrc': `//registry.npmjs.org/:_authToken=${secret}\n`,
    'nginx/Dockerfile': `FROM nginx\nENV ${name}=${secret}\n`,
    '.github/workflows/ci.yml': `on: push\njobs:\n  t:\n    services:\n      db:\n        image: postgres:16\n        env:\n          ${name}: ${secret}\n`,
  };
}

const each = shapes.flatMap(([shape, name, secret]) =>
  (['npm', 'a Procfile'] as const).map((started) => ({ shape, name, secret, started })),
);

test.each(each)('$shape, started by $started', async ({ name, secret, started }) => {
  const { 'package.json': manifest, ...others } = repositoryWith(name, secret);
  const root = folderWith(
    started === 'npm'
      ? { ...others, 'package.json': manifest ?? '' }
      : { ...others, Gemfile: 'source "https://rubygems.org"\ngem "sinatra"\n' },
  );
  const printed: string[] = [];
  for (const argv of [
    ['analyze', '--json'],
    ['analyze'],
    ['explain'],
    ['explain', '--json'],
    ['explain', name],
    ['generate', '--diff'],
    ['generate', '--target', 'container', '--ci', 'github,gitlab', '--agents', '--json'],
    ['check', '--json'],
  ]) {
    const io = capturedIo({ cwd: root, columns: 200 });
    const exitCode = await runCommand(argv, io);
    expect([argv, exitCode <= 1]).toEqual([argv, true]);
    printed.push(io.stdout(), io.stderr());
  }
  const plan = JSON.parse(printed[0] ?? '');
  expect(plan.variables.map((each: { name: string }) => each.name)).toContain(name);
  const before = new Set(Object.keys(repositoryWith(name, secret)));
  for (const each of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(each.parentPath, each.name);
    if (each.isFile() && !before.has(path.relative(root, file))) printed.push(readFileSync(file, 'utf8'));
  }
  const password = /:([^:@/]+)@/.exec(secret)?.[1] ?? secret;
  const leaks = printed.flatMap((text) => text.split('\n').filter((line) => line.includes(password)));
  expect(leaks).toEqual([]);
});
