// Devices that ask Agent Jay (or whoever answers beside him) and watch the answer come.
import { request } from 'node:http';
import { connect } from 'node:net';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { answer } from '../answer.ts';

interface Watched {
  firstMs: number;
  frames: number;
  seconds: number;
}

interface Device {
  heard(text: string): void;
}

const devices: Device[] = [];

answer({
  /** Opens `count` streams of one account. */
  async watch({ port, cookie, count }: { port: number; cookie: string; count: number }) {
    for (let i = 0; i < count; i += 1) await openStream(port, cookie);
  },
  async begin({ port, cookie }: { port: number; cookie: string }) {
    const sessionId = newSessionId();
    await call(port, '/trpc/session.create', { cookie }, { id: sessionId, withAgent: true });
    return sessionId;
  },
  /** Asks in a conversation and waits for the answer on every open stream. */
  async ask({
    port,
    cookie,
    sessionId,
  }: {
    port: number;
    cookie: string;
    sessionId: string;
  }): Promise<Watched> {
    const began = performance.now();
    let firstMs = Number.POSITIVE_INFINITY;
    let frames = 0;
    const ended = devices.map(
      (device) =>
        new Promise<void>((resolve) => {
          device.heard = (text) => {
            const deltas = text.split('"turn.delta"').length - 1;
            if (deltas > 0) firstMs = Math.min(firstMs, performance.now() - began);
            frames += deltas;
            if (text.includes('"message.completed"')) resolve();
          };
        }),
    );
    await call(
      port,
      '/trpc/message.send',
      { cookie },
      { id: newMessageId(), sessionId, content: 'And why is that?' },
    );
    await Promise.all(ended);
    return { firstMs, frames, seconds: (performance.now() - began) / 1000 };
  },
  /** The same of a plain streaming answer, `count` of them at once. `mark` stands once in each frame of text. */
  async fetch({ port, count, mark }: { port: number; count: number; mark: string }): Promise<Watched> {
    const began = performance.now();
    let firstMs = Number.POSITIVE_INFINITY;
    let frames = 0;
    const body = {
      model: 'bench',
      stream: true,
      messages: [{ role: 'user', content: 'How do I choose a topic?' }],
    };
    const one = () =>
      call(port, '/', {}, body, (text) => {
        const found = text.split(mark).length - 1;
        if (found > 0) firstMs = Math.min(firstMs, performance.now() - began);
        frames += found;
      });
    await Promise.all(Array.from({ length: count }, one));
    return { firstMs, frames, seconds: (performance.now() - began) / 1000 };
  },
});

function openStream(port: number, cookie: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.write(
    `GET /trpc/events.subscribe HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\ncookie: ${cookie}\r\n\r\n`,
  );
  const device: Device = { heard: () => {} };
  devices.push(device);
  return new Promise((resolve) => {
    let opening = '';
    socket.on('data', (text: string) => {
      if (opening !== 'done') opening += text;
      if (opening.includes('"caught-up"')) {
        opening = 'done';
        resolve();
      }
      device.heard(text);
    });
  });
}

function call(
  port: number,
  path: string,
  headers: Record<string, string>,
  body: object,
  heard: (text: string) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const posted = request(
      {
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
        response.setEncoding('utf8').on('data', heard).on('end', resolve);
      },
    );
    posted.on('error', reject);
    posted.end(JSON.stringify(body));
  });
}
