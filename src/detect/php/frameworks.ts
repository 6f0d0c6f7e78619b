/** PHP's frameworks by package: data. Ports are those of the development server, from each one's documentation. */
export interface PhpFramework {
  id: string;
  packages: readonly string[];
  port: number | null;
  /** A program of the project, and how it serves. */
  program?: { file: string; start: string; dev?: string; test?: string };
  /** Folder that a web server is given, where there is one of the project's. */
  root?: string;
  /** No framework of its own where one of these is there. */
  within?: readonly string[];
}

export const phpFrameworks: readonly PhpFramework[] = [
  {
    // https://laravel.com/docs/12.x/installation
    id: 'laravel',
    packages: ['laravel/framework'],
    port: 8000,
    program: { file: 'artisan', start: 'php artisan serve', test: 'php artisan test' },
    root: 'public',
  },
  // https://lumen.laravel.com/docs/11.x/installation
  { id: 'lumen', packages: ['laravel/lumen-framework'], port: 8000, root: 'public' },
  {
    // https://symfony.com/doc/current/setup.html: its own server is a program beside it; PHP's serves as well.
    id: 'symfony',
    packages: ['symfony/framework-bundle'],
    port: 8000,
    root: 'public',
  },
  {
    // https://codeigniter.com/user_guide/installation/running.html
    id: 'codeigniter',
    packages: ['codeigniter4/framework'],
    port: 8080,
    program: { file: 'spark', start: 'php spark serve' },
    root: 'public',
  },
  // https://book.cakephp.org/5/en/installation.html
  { id: 'cakephp', packages: ['cakephp/cakephp'], port: 8765, root: 'webroot' },
  // https://www.yiiframework.com/doc/guide/2.0/en/start-installation
  { id: 'yii', packages: ['yiisoft/yii2'], port: 8080, root: 'web' },
  { id: 'drupal', packages: ['drupal/core', 'drupal/core-recommended'], port: null, root: 'web' },
  {
    id: 'wordpress',
    packages: ['johnpbloch/wordpress', 'roots/wordpress', 'johnpbloch/wordpress-core'],
    port: null,
  },
  { id: 'typo3', packages: ['typo3/cms-core'], port: null, root: 'public' },
  { id: 'magento', packages: ['magento/product-community-edition'], port: null, root: 'pub' },
  // https://www.slimframework.com/docs/v4/start/web-servers.html
  { id: 'slim', packages: ['slim/slim'], port: null, root: 'public', within: ['laravel', 'symfony'] },
  { id: 'laminas', packages: ['laminas/laminas-mvc', 'mezzio/mezzio'], port: 8080, root: 'public' },
];
