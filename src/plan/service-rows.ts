/** Servers that a generated shell can start without containers: data. How each is started is src/render/services/. */

export interface ServiceRow {
  id: string;
  /** Where clients look for it, unless they are told. */
  port: number;
  /**
   * Hundreds of megabytes: it is in no shell unless the repository itself starts it somewhere (Compose, CI), or its
   * settings name it. A client library alone is no reason.
   */
  isLarge?: true;
}

export const serviceRows: readonly ServiceRow[] = [
  { id: 'postgresql', port: 5432 },
  { id: 'mysql', port: 3306, isLarge: true },
  { id: 'mariadb', port: 3306, isLarge: true },
  { id: 'redis', port: 6379 },
  { id: 'valkey', port: 6379 },
  { id: 'memcached', port: 11211 },
  { id: 'mongodb', port: 27017, isLarge: true },
  { id: 'rabbitmq', port: 5672, isLarge: true },
  { id: 'kafka', port: 9092, isLarge: true },
  { id: 'opensearch', port: 9200, isLarge: true },
  { id: 'meilisearch', port: 7700 },
  { id: 'minio', port: 9000 },
  { id: 'mailpit', port: 1025 },
  { id: 'nats', port: 4222 },
];

export const serviceRow = (id: string): ServiceRow | null => serviceRows.find((row) => row.id === id) ?? null;
