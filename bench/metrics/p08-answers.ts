import { type Child, startChild } from '../child.ts';
import { OURS } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { createPeople } from '../people.ts';
import { startProduct } from '../product.ts';
import { figureFor, interleave } from '../rounds.ts';
import { exact, type Metric } from '../row.ts';

const PIPED = 'fetched and piped through';
const AI_SDK = "AI SDK's UI stream per device";
const THINK_MS = 250;
const TOKENS_PER_SECOND = 200;

interface Watched {
  firstMs: number;
  frames: number;
  seconds: number;
}

/** P8 and P9: what lies between the model and the screens. */
export const answers: Metric = {
  id: 'P8+P9',
  title: 'Answers',
  async run({ quick, progress }) {
    const database = await startDatabase();
    const started: Child[] = [];
    const child = async (name: string, core: 'server' | 'load', env: Record<string, string> = {}) => {
      const one = await startChild(name, { core, env });
      started.push(one);
      return one;
    };
    try {
      const model = await child('model', 'load');
      const url = `http://127.0.0.1:${await model.ask<number>('port')}/v1`;
      const piped = await child('piped-model', 'server', { MODEL_URL: url });
      const sdk = await child('ai-sdk', 'server', { MODEL_URL: url });
      const product = await startProduct(database, {
        env: { OPENAI_BASE_URL: url, OPENAI_MODEL: 'bench', OPENAI_API_KEY: 'none' },
      });
      started.push(product);
      const [pipedPort, sdkPort] = [await piped.ask<number>('port'), await sdk.ask<number>('port')];
      const { cookies } = await createPeople(database, product.databaseUrl, 2);
      const asker = async (cookie: string, devices: number) => {
        const load = await child('askers', 'load');
        const sessionId = await load.ask<string>('begin', { port: product.port, cookie });
        await load.ask('watch', { port: product.port, cookie, count: devices });
        const ask = () => load.ask<Watched>('ask', { port: product.port, cookie, sessionId });
        await ask(); // a first answer also gets a title
        return { load, ask };
      };
      const one = await asker(cookies[0] ?? '', 1);
      const ten = await asker(cookies[1] ?? '', 10);

      progress('first tokens');
      await model.ask('plan', { thinkMs: THINK_MS, tokens: 10, perSecond: TOKENS_PER_SECOND });
      const fetchPiped = () =>
        one.load.ask<Watched>('fetch', { port: pipedPort, count: 1, mark: '"content"' });
      const firsts = await interleave(
        [
          { name: OURS, round: async () => (await one.ask()).firstMs },
          { name: PIPED, round: async () => (await fetchPiped()).firstMs },
        ],
        quick ? 7 : 25,
        () => {},
      );

      progress('tokens for 1 and for 10 devices');
      const tokens = quick ? 200 : 400;
      await model.ask('plan', { thinkMs: 20, tokens, perSecond: TOKENS_PER_SECOND });
      const frames = new Map<string, number>();
      const cost = async (name: string, server: Child, devices: number, run: () => Promise<Watched>) => {
        const before = await server.cpu();
        const watched = await run();
        const perToken = ((await server.cpu()) - before) / tokens;
        frames.set(name, watched.frames / devices / (tokens / TOKENS_PER_SECOND));
        return perToken;
      };
      const fetchSdk = (count: number) =>
        one.load.ask<Watched>('fetch', { port: sdkPort, count, mark: '"text-delta"' });
      const names = { one: '1 device', ten: '10 devices', sdkOne: `${AI_SDK}, 1`, sdkTen: `${AI_SDK}, 10` };
      const costs = await interleave(
        [
          { name: names.one, round: () => cost(names.one, product, 1, one.ask) },
          { name: names.ten, round: () => cost(names.ten, product, 10, ten.ask) },
          { name: names.sdkOne, round: () => cost(names.sdkOne, sdk, 1, () => fetchSdk(1)) },
          { name: names.sdkTen, round: () => cost(names.sdkTen, sdk, 10, () => fetchSdk(10)) },
        ],
        quick ? 3 : 5,
        () => {},
      );
      const frameOf = (name: string) => exact(Math.round((frames.get(name) ?? Number.NaN) * 10) / 10);
      return [
        {
          metric: 'P8',
          name: `from asking to the first piece of the answer on a screen, a model that thinks for ${THINK_MS} ms`,
          unit: 'ms',
          ours: figureFor(firsts, OURS),
          peers: [{ name: PIPED, figure: figureFor(firsts, PIPED) }],
          targets: [{ against: PIPED, is: 'at most', factor: 1.2 }],
        },
        {
          metric: 'P9',
          name: `server CPU per token at ${TOKENS_PER_SECOND} tokens a second, 10 devices`,
          unit: 'µs',
          ours: figureFor(costs, names.ten),
          peers: [names.one, names.sdkOne, names.sdkTen].map((name) => ({
            name,
            figure: figureFor(costs, name),
          })),
          targets: [{ against: names.one, is: 'at most', factor: 1.5 }],
        },
        {
          metric: 'P9',
          name: `frames per device at ${TOKENS_PER_SECOND} tokens a second`,
          unit: 'per second',
          ours: frameOf(names.ten),
          peers: [{ name: AI_SDK, figure: frameOf(names.sdkTen) }],
          targets: [{ against: AI_SDK, is: 'at most', factor: 0.2 }],
        },
      ];
    } finally {
      await Promise.all(started.map((one) => one.stop()));
      await database.stop();
    }
  },
};
