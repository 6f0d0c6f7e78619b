/** Services by the image that gives them: data. */
export interface ServiceImage {
  id: string;
  /** Repository of the image, without registry, `library/` and tag. */
  images: readonly string[];
  port: number;
  /** Where the version is not the beginning of the tag. */
  version?: RegExp;
}

const postgresInTag = /(?:^|-)pg(?<version>\d+)/;

export const serviceImages: readonly ServiceImage[] = [
  {
    id: 'postgresql',
    images: [
      'postgres',
      'postgis/postgis',
      'bitnami/postgresql',
      'bitnamilegacy/postgresql',
      'cimg/postgres',
    ],
    port: 5432,
  },
  {
    id: 'postgresql',
    images: [
      'timescale/timescaledb',
      'timescale/timescaledb-ha',
      'pgvector/pgvector',
      'ankane/pgvector',
      'supabase/postgres',
      'tensorchord/pgvecto-rs',
    ],
    port: 5432,
    version: postgresInTag,
  },
  { id: 'mysql', images: ['mysql', 'mysql/mysql-server', 'bitnami/mysql', 'cimg/mysql'], port: 3306 },
  { id: 'mariadb', images: ['mariadb', 'bitnami/mariadb', 'linuxserver/mariadb'], port: 3306 },
  {
    id: 'redis',
    images: [
      'redis',
      'redis/redis-stack',
      'redis/redis-stack-server',
      'bitnami/redis',
      'bitnamilegacy/redis',
    ],
    port: 6379,
  },
  { id: 'valkey', images: ['valkey/valkey', 'bitnami/valkey'], port: 6379 },
  {
    id: 'mongodb',
    images: [
      'mongo',
      'bitnami/mongodb',
      'mongodb/mongodb-community-server',
      'percona/percona-server-mongodb',
    ],
    port: 27017,
  },
  { id: 'rabbitmq', images: ['rabbitmq', 'bitnami/rabbitmq'], port: 5672 },
  { id: 'memcached', images: ['memcached', 'bitnami/memcached'], port: 11211 },
  {
    id: 'elasticsearch',
    images: ['elasticsearch', 'elasticsearch/elasticsearch', 'bitnami/elasticsearch'],
    port: 9200,
  },
  { id: 'opensearch', images: ['opensearchproject/opensearch'], port: 9200 },
  {
    id: 'kafka',
    images: [
      'apache/kafka',
      'apache/kafka-native',
      'bitnami/kafka',
      'confluentinc/cp-kafka',
      'wurstmeister/kafka',
    ],
    port: 9092,
  },
  { id: 'redpanda', images: ['redpandadata/redpanda', 'vectorized/redpanda'], port: 9092 },
  { id: 'zookeeper', images: ['zookeeper', 'bitnami/zookeeper', 'confluentinc/cp-zookeeper'], port: 2181 },
  { id: 'nats', images: ['nats'], port: 4222 },
  { id: 'minio', images: ['minio/minio', 'bitnami/minio'], port: 9000 },
  { id: 'meilisearch', images: ['getmeili/meilisearch'], port: 7700 },
  { id: 'typesense', images: ['typesense/typesense'], port: 8108 },
  { id: 'mailhog', images: ['mailhog/mailhog'], port: 1025 },
  { id: 'mailpit', images: ['axllent/mailpit'], port: 1025 },
  {
    id: 'selenium',
    images: [
      'selenium/standalone-chrome',
      'selenium/standalone-firefox',
      'selenium/standalone-chromium',
      'selenium/hub',
    ],
    port: 4444,
  },
  { id: 'clickhouse', images: ['clickhouse/clickhouse-server', 'yandex/clickhouse-server'], port: 8123 },
  { id: 'cassandra', images: ['cassandra'], port: 9042 },
  { id: 'scylladb', images: ['scylladb/scylla'], port: 9042 },
  { id: 'cockroachdb', images: ['cockroachdb/cockroach'], port: 26257 },
  { id: 'neo4j', images: ['neo4j'], port: 7687 },
  { id: 'influxdb', images: ['influxdb'], port: 8086 },
  { id: 'couchdb', images: ['couchdb', 'apache/couchdb'], port: 5984 },
  { id: 'arangodb', images: ['arangodb'], port: 8529 },
  { id: 'surrealdb', images: ['surrealdb/surrealdb'], port: 8000 },
  { id: 'qdrant', images: ['qdrant/qdrant'], port: 6333 },
  { id: 'weaviate', images: ['semitechnologies/weaviate', 'weaviate/weaviate'], port: 8080 },
  { id: 'chroma', images: ['chromadb/chroma'], port: 8000 },
  { id: 'etcd', images: ['etcd', 'coreos/etcd', 'bitnami/etcd', 'etcd-development/etcd'], port: 2379 },
  { id: 'consul', images: ['consul', 'hashicorp/consul'], port: 8500 },
  { id: 'vault', images: ['vault', 'hashicorp/vault'], port: 8200 },
  { id: 'localstack', images: ['localstack/localstack'], port: 4566 },
  { id: 'temporal', images: ['temporalio/auto-setup', 'temporalio/server'], port: 7233 },
  { id: 'keycloak', images: ['keycloak/keycloak', 'jboss/keycloak'], port: 8080 },
  { id: 'sqlserver', images: ['mssql/server', 'azure-sql-edge'], port: 1433 },
  { id: 'oracle', images: ['gvenzl/oracle-xe', 'gvenzl/oracle-free'], port: 1521 },
];

export interface ImageReference {
  repository: string;
  tag: string | null;
}

/** `docker.io/library/postgres:16-alpine@sha256:…` → `postgres`, `16-alpine`; `${NAME:-value}` gives its default. */
export function parseImage(text: string): ImageReference | null {
  const plain = withDefaults(text).replace(/@sha256:.*$/, '');
  const match = /^(?<path>[^\s:]+(:\d+\/[^\s:]+)?)(:(?<tag>[\w.-]+))?$/.exec(plain);
  const path = match?.groups?.path;
  if (path === undefined) return null;
  const [first = '', ...rest] = path.split('/');
  const isRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const repository = (isRegistry ? rest : [first, ...rest]).join('/').replace(/^library\//, '');
  return { repository, tag: match?.groups?.tag ?? null };
}

/** Longer texts are neither images nor ports: how long a search in them takes would grow with its square. */
const maxLength = 1000;

/** https://docs.docker.com/reference/compose-file/interpolation/ */
export function withDefaults(text: string): string {
  if (text.length > maxLength) return '';
  return text.replace(/\$\{\w+(:?-(?<fallback>[^{}]*))?[^{}]*\}/g, (...found) => {
    const groups: unknown = found.at(-1);
    const fallback =
      typeof groups === 'object' && groups !== null && 'fallback' in groups ? groups.fallback : '';
    return typeof fallback === 'string' ? fallback : '';
  });
}

/** The service that an image gives, and its version where the tag says one. */
export function serviceOf(image: ImageReference): { service: ServiceImage; version: string | null } | null {
  const service = serviceImages.find(({ images }) => images.includes(image.repository));
  if (service === undefined) return null;
  const pattern = service.version ?? /^v?(?<version>\d+(\.\d+)*)/;
  return { service, version: pattern.exec(image.tag ?? '')?.groups?.version ?? null };
}
