/** Extras that bring packages with native code: for projects without a lock file that would name them. */
const brought: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aiohttp: { speedups: ['aiodns', 'brotli'] },
  celery: { librabbitmq: ['librabbitmq'], sqs: ['pycurl'] },
  databases: { asyncpg: ['asyncpg'], aiomysql: ['aiomysql'], postgresql: ['asyncpg'] },
  django: { argon2: ['argon2-cffi'], bcrypt: ['bcrypt'] },
  fastapi: {
    all: ['uvicorn', 'uvloop', 'httptools', 'orjson'],
    standard: ['uvicorn', 'uvloop', 'httptools'],
  },
  kombu: { sqs: ['pycurl'] },
  passlib: { argon2: ['argon2-cffi'], bcrypt: ['bcrypt'] },
  pyjwt: { crypto: ['cryptography'] },
  'python-jose': { cryptography: ['cryptography'] },
  qrcode: { pil: ['pillow'] },
  sqlalchemy: {
    asyncio: ['greenlet'],
    mysql: ['mysqlclient'],
    'mysql-connector': ['mysql-connector-python'],
    postgresql: ['psycopg2'],
    'postgresql-asyncpg': ['asyncpg', 'greenlet'],
    'postgresql-psycopg2binary': ['psycopg2-binary'],
    'postgresql-psycopgbinary': ['psycopg', 'psycopg-binary'],
    mssql: ['pyodbc'],
  },
  transformers: {
    torch: ['torch'],
    vision: ['pillow'],
    sentencepiece: ['sentencepiece'],
    tf: ['tensorflow'],
  },
  uvicorn: { standard: ['uvloop', 'httptools'] },
};

/**
 * Packages that the extras of a package stand for: those known, and those that are named after it, as
 * `psycopg[c]` is `psycopg-c`.
 */
export function packagesOfExtras(name: string, extras: readonly string[]): string[] {
  const known = Object.hasOwn(brought, name) ? brought[name] : undefined;
  return extras.flatMap((extra) => {
    const listed = known !== undefined && Object.hasOwn(known, extra) ? (known[extra] ?? []) : [];
    return [`${name}-${extra}`, ...listed];
  });
}
