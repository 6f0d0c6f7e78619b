import { describe, expect, it } from 'vitest';
import { goCommands } from '../../../src/detect/go/commands.ts';
import { inventoryOf } from '../../support/inventory.ts';

function commandsOf(
  paths: string[],
  options: { folder?: string; modulePath?: string; tools?: string[] } = {},
) {
  const files = Object.fromEntries(paths.map((path) => [path, null]));
  return goCommands(inventoryOf(files), {
    folder: options.folder ?? '.',
    modulePath: options.modulePath ?? 'example.com/shop',
    sources: paths.filter((path) => path.endsWith('.go')),
    tools: options.tools ?? [],
  });
}

describe('a module with a program', () => {
  it('at its root is built, started and run there', () => {
    expect(commandsOf(['main.go', 'cmd/tool/main.go'])).toMatchObject({
      install: 'go mod download',
      build: 'go build -o out',
      test: 'go test ./...',
      start: './out',
      dev: 'go run .',
    });
  });

  it('in cmd is built from there', () => {
    expect(commandsOf(['cmd/server/main.go', 'internal/x/x.go'])).toMatchObject({
      build: 'go build -o out ./cmd/server',
      start: './out',
      dev: 'go run ./cmd/server',
    });
  });

  it('directly in cmd is one as well', () => {
    expect(commandsOf(['cmd/main.go', 'cmd/flags.go'])).toMatchObject({ build: 'go build -o out ./cmd' });
  });

  it('somewhere else is found when it is the only one', () => {
    expect(commandsOf(['app/main.go', 'lib/lib.go']).build).toBe('go build -o out ./app');
    expect(commandsOf(['app/main.go', 'web/main.go']).build).toBe('go build ./...');
    expect(commandsOf(['app/main.go', 'examples/x/main.go', 'scripts/main.go']).build).toBe(
      'go build -o out ./app',
    );
  });

  it('has paths from its own folder', () => {
    const options = { folder: 'services/api' };
    expect(commandsOf(['services/api/cmd/api/main.go'], options).build).toBe('go build -o out ./cmd/api');
  });
});

describe('a module with several programs', () => {
  const paths = ['cmd/shop/main.go', 'cmd/migrate/main.go'];

  it('builds them all and starts the one of its own name', () => {
    expect(commandsOf(paths)).toMatchObject({
      build: 'go build -o bin/ ./cmd/...',
      start: './bin/shop',
      dev: 'go run ./cmd/shop',
    });
  });

  it('starts the server where none has its name', () => {
    expect(commandsOf(['cmd/server/main.go', 'cmd/migrate/main.go']).start).toBe('./bin/server');
  });

  it('starts none where it cannot be known which', () => {
    const commands = commandsOf(['cmd/import/main.go', 'cmd/export/main.go']);
    expect(commands.build).toBe('go build -o bin/ ./cmd/...');
    expect(commands).not.toHaveProperty('start');
  });
});

describe('a module', () => {
  it('without a program is compiled only', () => {
    const commands = commandsOf(['shop.go', 'shop_test.go']);
    expect(commands.build).toBe('go build ./...');
    expect(commands).not.toHaveProperty('start');
  });

  it('whose dependencies are vendored installs nothing', () => {
    expect(commandsOf(['main.go', 'vendor/modules.txt'])).not.toHaveProperty('install');
  });

  it('with a configuration of air runs under it', () => {
    expect(commandsOf(['main.go', '.air.toml']).dev).toBe('air');
  });

  it('is linted by what is configured, here or above', () => {
    expect(commandsOf(['main.go']).lint).toBe('go vet ./...');
    expect(commandsOf(['main.go', '.golangci.yml']).lint).toBe('golangci-lint run');
    expect(commandsOf(['api/main.go', '.golangci.toml'], { folder: 'api' }).lint).toBe('golangci-lint run');
    const tools = ['github.com/golangci/golangci-lint/v2/cmd/golangci-lint'];
    expect(commandsOf(['main.go', '.golangci.yml'], { tools }).lint).toBe('go tool golangci-lint run');
  });

  it('puts no folder into a command that a shell would read otherwise', () => {
    const commands = commandsOf(['cmd/$(touch x)/main.go', 'cmd/ok; rm -rf ~/main.go', "cmd/it's/main.go"]);
    expect(JSON.stringify(commands)).not.toMatch(/touch|rm -rf|it's/);
  });
});
