import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectVariables } from '../../../src/detect/variables/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function needs(text: string, name = '.env.example') {
  return needsOf(await detectVariables(contextOf({ [name]: text })), 'application-variable');
}

async function values(text: string) {
  return Object.fromEntries((await needs(text)).map(({ name, value }) => [name, value]));
}

describe("the application's variables", () => {
  it('have the values of the example, and are required where it has none', async () => {
    expect(await needs('# Port.\nPORT=3000\n\nexport NAME=\n')).toEqual([
      {
        kind: 'application-variable',
        name: 'PORT',
        value: '3000',
        required: false,
        because: [{ file: '.env.example', line: 2, text: 'PORT=3000', rule: 'variables/example' }],
      },
      {
        kind: 'application-variable',
        name: 'NAME',
        value: null,
        required: true,
        because: [{ file: '.env.example', line: 4, text: 'NAME=', rule: 'variables/example' }],
      },
    ]);
  });

  it('are written as dotenv reads them', async () => {
    const text =
      'A="x y" # note\nB=\'#1\'\nC = c # note\nD=d#e\nE="one\ntwo"\nF=f\r\nnot a line\n1X=2\n# G=1\nH=`a`\n';
    expect(await values(text)).toEqual({ A: 'x y', B: '#1', C: 'c', D: 'd#e', E: null, F: 'f', H: 'a' });
  });

  it.each(['.env.sample', '.env.template', '.env.dist', 'env.example', 'api/.env.example'])(
    'stand in %s',
    async (name) => {
      expect((await needs('A=1', name)).map((need) => need.name)).toEqual(['A']);
    },
  );

  it('are not read from the private file, nor from examples of use', async () => {
    expect(await needs('A=1', '.env')).toEqual([]);
    expect(await needs('A=1', '.env.local')).toEqual([]);
    expect(await needs('A=1', 'examples/.env.example')).toEqual([]);
  });

  it('are named once; the root comes first', async () => {
    const files = { 'api/.env.example': 'A=api\nB=api\n', '.env.example': 'A=root\n' };
    const found = needsOf(await detectVariables(contextOf(files)), 'application-variable');
    expect(found.map(({ name, value }) => [name, value])).toEqual([
      ['A', 'root'],
      ['B', 'api'],
    ]);
  });

  it('are bounded in number', async () => {
    const text = Array.from({ length: 5_000 }, (_, at) => `V${at}=1`).join('\n');
    expect(await needs(text)).toHaveLength(500);
  });
});

describe('secrets', () => {
  it.each([
    ['DATABASE_URL=postgres://shop:hunter2@db/shop', 'hunter2'],
    ['APP_KEY=base64:c2VjcmV0', 'c2VjcmV0'],
    ['PASSWORD=12345', '12345'],
    ['DB_PASS="correct horse"', 'horse'],
    ['STRIPE_KEY=pk_test_51abc', '51abc'],
    ['MAILER=smtp://user:pw1@mail', 'pw1'],
    ['SOMETHING=ghp_abcdefghijklmnop', 'abcdefghijklmnop'],
    ['SOMETHING=sk-proj-1234567890', '1234567890'],
    ['SOMETHING=9f86d081884c7d659a2feaa0c55ad015', '9f86d081884c7d65'],
    ['SOMETHING=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA', 'Zm9vYmFy'],
    ['SOMETHING="-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END"', 'MIIEabc'],
    ['SENTRY_DSN=https://abc@o1.ingest.example.com/1', 'abc@o1'],
    ['SESSION_COOKIE=abc.def', 'abc.def'],
  ])('%j is shown by name only', async (text, secret) => {
    const found = await needs(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ value: null, required: true });
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it('are not words that stand for a value', async () => {
    expect(
      await values('REDIS_PASSWORD=null\nMIX_KEY=$' + '{APP_KEY}\nAPI_TOKEN=<token>\nAUTH_ENABLED=false'),
    ).toEqual({
      REDIS_PASSWORD: 'null',
      MIX_KEY: '$' + '{APP_KEY}',
      API_TOKEN: '<token>',
      AUTH_ENABLED: 'false',
    });
  });

  it('are not plain settings', async () => {
    const settings = {
      PORT: '8080',
      NODE_ENV: 'development',
      REDIS_URL: 'redis://localhost:6379',
      DB_NAME: 'shop_development',
      LOG_LEVEL: 'debug',
      REGION: 'eu-central-1',
    };
    const text = Object.entries(settings)
      .map((entry) => entry.join('='))
      .join('\n');
    expect(await values(text)).toEqual(settings);
  });

  it('of any look that follows a telling name reach no output', async () => {
    const word = fc
      .stringMatching(/^[a-z0-9]{6,20}$/)
      .filter((text) => !'password_secret_token'.includes(text));
    const name = fc.constantFrom('DB_PASSWORD', 'API_TOKEN', 'CLIENT_SECRET', 'PRIVATE_KEY', 'AUTH_HEADER');
    await fc.assert(
      fc.asyncProperty(name, word, async (key, secret) => {
        const found = await needs(`${key}="${secret}"`);
        expect(JSON.stringify(found).replaceAll(key, '')).not.toContain(secret);
      }),
    );
  });
});

describe('hostile examples', () => {
  it('never make it fail', async () => {
    const piece = fc.constantFrom('A=', '"', "'", '\n', '\0', '#', '=', 'export ', '\u2028', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string())), async (pieces) => {
        for (const { name } of await needs(pieces.join(''))) expect(name).toMatch(/^[A-Za-z_]\w*$/);
      }),
    );
  });

  it('cost no time', async () => {
    const started = performance.now();
    const line = `A=${'a'.repeat(3_900)}\n`;
    await needs(`${line.repeat(400)}B="${'x\n'.repeat(300_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
