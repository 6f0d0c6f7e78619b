import path from 'node:path';

const [, , tree, folder] = process.argv;
const { analyser, FSProvider } = await import(path.join(folder, 'dist/index.js'));
await import(path.join(folder, 'dist/autoload.js'));
const result = await analyser({ provider: new FSProvider({ path: tree }) });
console.log(result.childs.length);
