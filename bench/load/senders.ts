// Clients that send one message after the other over a connection of their own, and read nothing but the answer.
import { connect, type Socket } from 'node:net';
import { newMessageId } from '../../protocol/ids.ts';
import { answer } from '../answer.ts';

interface To {
  port: number;
  cookies: string[];
  sessionId: string;
}

let to: To | null = null;
let sockets: Socket[] = [];

answer({
  connect: (given: To) => {
    to = given;
    sockets = given.cookies.map(() => connect({ port: given.port, host: '127.0.0.1', noDelay: true }));
  },
  async send({ seconds }: { seconds: number }) {
    const until = performance.now() + seconds * 1000;
    const began = performance.now();
    const counts = await Promise.all(sockets.map((socket, i) => sendUntil(socket, i, until)));
    return {
      sent: counts.reduce((sum, count) => sum + count, 0),
      seconds: (performance.now() - began) / 1000,
    };
  },
});

async function sendUntil(socket: Socket, i: number, until: number): Promise<number> {
  let sent = 0;
  while (performance.now() < until) {
    const body = JSON.stringify({
      id: newMessageId(),
      sessionId: to?.sessionId,
      content: 'Could you look at chapter two before Thursday? I changed the sampling.',
    });
    socket.write(
      `POST /trpc/message.send HTTP/1.1\r\nhost: bench\r\ncookie: ${to?.cookies[i]}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    const said = await response(socket);
    if (!said.startsWith('HTTP/1.1 200')) throw new Error(`${said.slice(0, 40)} … ${said.slice(-300)}`);
    sent += 1;
  }
  return sent;
}

function response(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      const isWhole =
        length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= head + 4 + Number(length);
      if (!isWhole) return;
      socket.off('data', take);
      resolve(text);
    };
    socket.on('data', take);
    if (socket.listenerCount('error') === 0) socket.on('error', reject);
  });
}
