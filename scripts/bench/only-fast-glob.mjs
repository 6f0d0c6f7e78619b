import fastGlob from 'fast-glob';

const found = await fastGlob('**', { cwd: process.argv[2], dot: true });
console.log(found.length);
