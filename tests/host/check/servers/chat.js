// A right chat server for Node.js: one thread, names in brackets in the list, dies of SIGTERM as Node does.
'use strict';
const net = require('net');
const LIMIT = 4000, BEHIND = 1000000;
const members = new Map();

function tell(line, but) {
  for (const [name, socket] of [...members]) {
    if (name === but) continue;
    socket.write(line + '\n', 'latin1');
    if (socket.writableLength > BEHIND) socket.destroy();
  }
}

function join(socket, name) {
  if (!/^[A-Za-z0-9]{1,32}$/.test(name) || members.has(name)) {
    socket.end('! you cannot be called that\n');
    return null;
  }
  socket.write('* In the room: ' + JSON.stringify([...members.keys()]) + '\n');
  tell('* ' + name + ' joined', null);
  members.set(name, socket);
  return name;
}

net.createServer({ noDelay: true }, (socket) => {
  let rest = '', name = null, refused = false;
  socket.setEncoding('latin1');
  socket.write('Hello. Please send your name.\n');
  socket.on('data', (data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop();
    for (const whole of lines) {
      const line = whole.replace(/\r$/, '');
      if (refused) return;
      if (line.length > LIMIT) { rest = ''; refused = true; socket.end('! too long\n'); return; }
      if (name === null) { name = join(socket, line); refused = name === null; }
      else tell('[' + name + '] ' + line, name);
    }
    if (rest.length > LIMIT && !refused) { rest = ''; refused = true; socket.end('! too long\n'); socket.destroySoon(); }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (name !== null) { members.delete(name); tell('* ' + name + ' left', null); }
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
