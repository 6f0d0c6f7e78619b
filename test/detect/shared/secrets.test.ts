import { expect, it } from 'vitest';
import { holdsSecret } from '../../../src/detect/shared/secrets.ts';

it.each([
  'bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}',
  'bundle exec puma -C config/puma.rb',
  'node dist/apps/server1/production-main-file.js',
  'RAILS_ENV=production WORKERS=3 bundle exec sidekiq',
  'vendor/bin/heroku-php-apache2 public/',
  'TOKEN=$TOKEN node index.js',
])('%s gives nothing away', (command) => {
  expect(holdsSecret(command)).toBe(false);
});

it.each([
  'DB_PASS=correcthorse9 node server.js',
  'node server.js --api-key=abcdef',
  'node server.js --password hunter2',
  'curl https://me:pw@example.com',
  `worker glpat-${'x9Y8z7W6v5'.repeat(2)}`,
])('%s does', (command) => {
  expect(holdsSecret(command)).toBe(true);
});
