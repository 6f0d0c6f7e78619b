import net from 'node:net';
const a=process.argv.slice(2); const get=n=>a[a.indexOf(n)+1];
process.umask(0o117);
net.createServer(c=>{const e=net.connect(get('--engine'));c.pipe(e);e.pipe(c);c.on('error',()=>e.destroy());e.on('error',()=>c.destroy());}).listen(get('--listen'));
