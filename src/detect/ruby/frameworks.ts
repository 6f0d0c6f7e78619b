/** Ruby's frameworks by gem: data. Ports are those of the development server, from each one's documentation. */
export interface RubyFramework {
  id: string;
  gems: readonly string[];
  port: number | null;
  build?: string;
  start?: string;
  dev?: string;
  /** It is a framework of its own only where none of these is there. */
  within?: readonly string[];
}

export const rubyFrameworks: readonly RubyFramework[] = [
  // https://guides.rubyonrails.org/command_line.html#bin-rails-server
  { id: 'rails', gems: ['rails', 'railties'], port: 3000 },
  // https://guides.hanamirb.org/cli-commands/server/
  {
    id: 'hanami',
    gems: ['hanami'],
    port: 2300,
    start: 'bundle exec hanami server',
    dev: 'bundle exec hanami dev',
    build: 'bundle exec hanami assets compile',
  },
  // https://jekyllrb.com/docs/configuration/options/#serve-command-options
  {
    id: 'jekyll',
    gems: ['jekyll', 'github-pages'],
    port: 4000,
    build: 'bundle exec jekyll build',
    start: 'bundle exec jekyll serve',
  },
  // https://www.bridgetownrb.com/docs/commands/
  {
    id: 'bridgetown',
    gems: ['bridgetown'],
    port: 4000,
    build: 'bundle exec bridgetown build',
    start: 'bundle exec bridgetown start',
  },
  // https://middlemanapp.com/basics/development-cycle/
  {
    id: 'middleman',
    gems: ['middleman'],
    port: 4567,
    build: 'bundle exec middleman build',
    start: 'bundle exec middleman server',
  },
  // https://nanoc.app/doc/tutorial/
  {
    id: 'nanoc',
    gems: ['nanoc'],
    port: 3000,
    build: 'bundle exec nanoc compile',
    start: 'bundle exec nanoc view',
  },
  // https://padrinorb.com/guides/getting-started/basic-projects/
  { id: 'padrino', gems: ['padrino'], port: 3000, start: 'bundle exec padrino start' },
  // https://sinatrarb.com/intro.html
  { id: 'sinatra', gems: ['sinatra', 'sinatra-contrib'], port: 4567, within: ['padrino'] },
  { id: 'roda', gems: ['roda'], port: 9292, within: ['bridgetown'] },
  { id: 'grape', gems: ['grape'], port: 9292, within: ['rails'] },
  { id: 'cuba', gems: ['cuba'], port: 9292 },
];

/** Gems that make Rails compile assets before it is deployed: https://guides.rubyonrails.org/asset_pipeline.html */
export const assetGems: readonly string[] = [
  ...['propshaft', 'sprockets-rails', 'sass-rails', 'sassc-rails', 'dartsass-rails', 'tailwindcss-rails'],
  ...['importmap-rails', 'jsbundling-rails', 'cssbundling-rails', 'webpacker', 'shakapacker', 'vite_rails'],
];

/** Servers that a rack-up file is given to, the likeliest first, with their own default ports. */
export const rackServers: readonly { gems: readonly string[]; command: string; port: number }[] = [
  { gems: ['puma'], command: 'bundle exec puma', port: 9292 },
  { gems: ['falcon'], command: 'bundle exec falcon serve', port: 9292 },
  { gems: ['unicorn'], command: 'bundle exec unicorn', port: 8080 },
  { gems: ['thin'], command: 'bundle exec thin start', port: 3000 },
  { gems: ['iodine'], command: 'bundle exec iodine', port: 3000 },
  { gems: ['rackup', 'rack'], command: 'bundle exec rackup', port: 9292 },
];
