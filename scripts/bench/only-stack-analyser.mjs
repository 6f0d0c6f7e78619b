import { analyser, FSProvider } from '@specfy/stack-analyser';
import '@specfy/stack-analyser/dist/autoload.js';

const result = await analyser({ provider: new FSProvider({ path: process.argv[2] }) });
console.log(result.childs.length);
