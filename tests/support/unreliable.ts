import { ChaosProxy } from '../faults/chaos-proxy.ts';
import { createRandom } from '../faults/random.ts';
import { type Product, startProduct } from './product.ts';

/** A product behind a network that a test can break: the browser knows the network's address alone. */
export interface Unreliable {
  /** What the browser opens. */
  readonly url: string;
  readonly network: ChaosProxy;
  product(): Product;
  /** As a power cut: nothing answers at this address any more. */
  killServer(): Promise<void>;
  /** Starts on what was left; of another build where one is given. */
  restartServer(serverFile?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startUnreliable(): Promise<Unreliable> {
  const network = await ChaosProxy.start('http://127.0.0.1:1', createRandom(1));
  const env = { PUBLIC_URL: network.url };
  let product = await startProduct({ env });
  network.retarget(product.url);
  return {
    url: network.url,
    network,
    product: () => product,
    async killServer() {
      await product.kill();
      network.cut();
    },
    async restartServer(serverFile) {
      product = await startProduct({ env, dataDir: product.dataDir, ...(serverFile ? { serverFile } : {}) });
      network.retarget(product.url);
    },
    async stop() {
      await network.stop();
      await product.stop();
    },
  };
}
