import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A program that a test starts, kills, pauses and starts again, always on the same port and data. */
export class Part {
  #child: ChildProcess | null = null;
  #output = '';

  constructor(
    private readonly launch: () => { command: string; args: string[]; env?: NodeJS.ProcessEnv; ids?: object },
    private readonly isReady: () => Promise<boolean>,
  ) {}

  get output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    const { command, args, env, ids } = this.launch();
    const child = spawn(command, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...ids });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        this.#output += text;
      });
    const deadline = Date.now() + 30_000;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${command} did not become ready:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50)); // asked again and again, as nothing announces it
    }
  }

  /** SIGKILL unless told otherwise; resolves once it has ended. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    // One that stands still hears nothing else.
    this.resume();
    await exited;
  }

  /** With what it has started: PostgreSQL answers each connection by a process of its own. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
    for (const pid of this.#children()) signalTo(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.#children()) signalTo(pid, 'SIGCONT');
    this.#child?.kill('SIGCONT');
  }

  #children(): number[] {
    if (this.#child?.pid === undefined) return [];
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const rows = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    return rows.flatMap(([pid, parent]) => (pid && parent === this.#child?.pid ? [pid] : []));
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
