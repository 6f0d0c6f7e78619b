import { describe, expect, it } from 'vitest';
import { detectVariables } from '../../../src/detect/variables/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';
import { json, lines } from '../node/support.ts';

/** `NAME=value` where it has one, `NAME!` where it is required. */
async function found(files: Record<string, string>) {
  const needs = needsOf(await detectVariables(contextOf(files)), 'application-variable');
  return needs.map(
    ({ name, value, required }) => `${name}${value === null ? '' : `=${value}`}${required ? '!' : ''}`,
  );
}

const compose = (...environment: string[]) =>
  lines(
    'services:',
    '  app:',
    '    build: .',
    '    environment:',
    ...environment.map((each) => `      ${each}`),
  );

describe('variables of Compose', () => {
  it.each([
    ['a literal', ['LOG_LEVEL: debug'], ['LOG_LEVEL=debug']],
    ['a number', ['PORT: 3000'], ['PORT=3000']],
    ['of a list', ['- LOG_LEVEL=debug', '- DEBUG'], ['LOG_LEVEL=debug', 'DEBUG!']],
    ['passed on', ['DEBUG:'], ['DEBUG!']],
    ['from outside', ['APP_URL: ${APP_URL}'], ['APP_URL!']],
    ['from outside, bare', ['APP_URL: $APP_URL'], ['APP_URL!']],
    ['with a default', ['APP_URL: ${APP_URL:-http://localhost}'], ['APP_URL=http://localhost']],
    ['with an empty default', ['MODE: ${MODE-}'], ['MODE']],
    ['that must be given', ['APP_URL: ${APP_URL:?say where}'], ['APP_URL!']],
    ['that replaces', ['FLAG: ${FLAG:+on}'], ['FLAG']],
    ['by another name', ['APP_URL: ${PUBLIC_URL:-http://x}'], ['APP_URL=http://x', 'PUBLIC_URL=http://x']],
    ['made of several', ['BASE: http://${HOST_NAME}:${PORT:-80}/'], ['BASE!', 'HOST_NAME!', 'PORT=80']],
    ['a dollar sign', ['PRICE: $$NAME'], ['PRICE=$$NAME']],
    ['a secret', ['API_TOKEN: abc123'], ['API_TOKEN!']],
    ['a secret as a default', ['JWT_SECRET: ${JWT_SECRET:-abc123}'], ['JWT_SECRET']],
  ])('%s', async (_name, environment, wanted) => {
    expect(await found({ 'compose.yaml': compose(...environment) })).toEqual(wanted);
  });

  it('of a database are none of the application, but for what it takes from outside', async () => {
    const files = {
      'docker-compose.yml': lines(
        'services:',
        '  db:',
        '    image: postgres:16',
        '    environment:',
        '      POSTGRES_USER: shop',
        '      POSTGRES_DB: ${DB_NAME:-shop}',
        '      POSTGRES_PASSWORD: ${DB_PASSWORD}',
      ),
    };
    expect(await found(files)).toEqual(['DB_NAME=shop', 'DB_PASSWORD!']);
  });
});

describe('variables of platforms', () => {
  it.each([
    [
      'Heroku',
      'app.json',
      json({
        env: {
          WEB_CONCURRENCY: { value: '5' },
          LOG: 'info',
          MAIL_FROM: { description: 'who sends' },
          EXTRA: { required: false },
          SESSION_SECRET: { generator: 'secret' },
        },
      }),
      ['WEB_CONCURRENCY=5', 'LOG=info', 'MAIL_FROM!', 'EXTRA', 'SESSION_SECRET!'],
    ],
    ['Expo', 'app.json', json({ expo: { name: 'x' } }), []],
    [
      'Render',
      'render.yaml',
      lines(
        'services:',
        '  - type: web',
        '    envVars:',
        '      - { key: REGION, value: eu }',
        '      - key: STRIPE_ID',
        '        sync: false',
        '      - fromGroup: shared',
        '      - key: NODE_VERSION',
        '        value: 22.1.0',
        'envVarGroups:',
        '  - name: shared',
        '    envVars:',
        '      - key: DATABASE_URL',
        '        fromDatabase: { name: db, property: connectionString }',
      ),
      ['REGION=eu', 'STRIPE_ID!', 'DATABASE_URL!'],
    ],
    ['Fly', 'fly.toml', lines('app = "x"', '[env]', 'PORT = "8080"', 'LIMIT = 3'), ['PORT=8080', 'LIMIT=3']],
    [
      'Vercel',
      'vercel.json',
      json({
        env: { API_HOST: 'example.com', ANALYTICS: '@analytics-id' },
        build: { env: { TIER: 'free' } },
      }),
      ['API_HOST=example.com', 'ANALYTICS!', 'TIER=free'],
    ],
    [
      'Netlify',
      'netlify.toml',
      lines(
        '[build.environment]',
        'NODE_VERSION = "20"',
        'SITE = "a"',
        '[template.environment]',
        'MAPS = "change me"',
        '[context.production.environment]',
        'STAGE = "live"',
      ),
      ['SITE=a', 'MAPS!', 'STAGE=live'],
    ],
    [
      'Cloudflare',
      'wrangler.jsonc',
      '{ "vars": { "STAGE": "dev", /* x */ "NESTED": { "a": 1 } } }',
      ['STAGE=dev', 'NESTED!'],
    ],
    [
      'App Engine',
      'app.yaml',
      lines('runtime: nodejs22', 'env_variables:', '  BUCKET: shop'),
      ['BUCKET=shop'],
    ],
    [
      'Spring',
      'src/main/resources/application.properties',
      lines(
        'spring.datasource.url=jdbc:postgresql://${DB_HOST:localhost}:${DB_PORT:5432}/shop',
        'spring.datasource.password=${DB_PASSWORD:changeit}',
        '# old=${GONE}',
        'mail.from=${MAIL_FROM}',
        'x=${server.port}',
        'y=${OPTIONAL:}',
      ),
      ['DB_HOST=localhost', 'DB_PORT=5432', 'DB_PASSWORD!', 'MAIL_FROM!', 'OPTIONAL'],
    ],
    [
      'Quarkus',
      'src/main/resources/application.yml',
      lines('greeting: ${GREETING:hello}'),
      ['GREETING=hello'],
    ],
  ])('%s', async (_platform, file, text, wanted) => {
    expect(await found({ [file]: text })).toEqual(wanted);
  });

  it('are each named once: the example of a person decides, and the others are evidence', async () => {
    const needs = needsOf(
      await detectVariables(
        contextOf({
          '.env.example': 'PORT=3000\n',
          'fly.toml': '[env]\nPORT = "8080"\n',
          'compose.yaml': compose('PORT: 80'),
        }),
      ),
      'application-variable',
    );
    expect(needs).toMatchObject([
      {
        name: 'PORT',
        value: '3000',
        because: [
          { file: '.env.example', line: 1, text: 'PORT=3000', rule: 'variables/example' },
          { file: 'fly.toml', line: 2, text: 'PORT=8080', rule: 'variables/fly' },
          { file: 'compose.yaml', line: 5, text: 'PORT=80', rule: 'variables/compose' },
        ],
      },
    ]);
  });

  it('survive whatever a file holds, and names that are none', async () => {
    for (const text of ['', '[', '{"env": [1]}', 'env: 3', '{"env": {"a b": "c", "$(id)": "x"}}', '\u0000']) {
      for (const file of [
        'app.json',
        'render.yaml',
        'fly.toml',
        'vercel.json',
        'netlify.toml',
        'wrangler.toml',
        'compose.yaml',
      ]) {
        expect(await found({ [file]: text })).toEqual([]);
      }
    }
    const start = performance.now();
    await found({
      'application.properties': 'a=${A:'.repeat(100_000),
      'compose.yaml': compose(`A: "${'${A:-'.repeat(20_000)}"`),
    });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
