import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../cli/commands';

const DEBIAN_PACKAGES = {
  '/usr/sbin/munged': 'munge',
  '/usr/sbin/slurmctld': 'slurm-wlm',
  '/usr/sbin/slurmd': 'slurm-wlm',
  '/usr/bin/sbatch': 'slurm-wlm',
};
// As the file is loaded, so that a machine without them fails instead of skipping the tests.
for (const [path, name] of Object.entries(DEBIAN_PACKAGES))
  if (!existsSync(path)) throw new Error(`There is no ${path}: install Debian’s package ${name}.`);

const NODES = ['n1', 'n2', 'n3'] as const;
export type NodeName = (typeof NODES)[number];

/** A Slurm of its own on this machine: one controller, and three nodes of one CPU and what is called a GPU each. */
export class Cluster {
  private readonly folder = mkdtempSync(join(tmpdir(), 'normscape-slurm-'));
  private readonly configuration = join(this.folder, 'slurm.conf');
  private readonly daemons = new Map<string, ChildProcess>();

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    try {
      await cluster.begin();
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  private async begin(): Promise<void> {
    const { folder } = this;
    for (const name of ['state', ...NODES]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'munge.key'), randomBytes(1024), { mode: 0o400 });
    writeFileSync(join(folder, 'gres.conf'), 'Name=gpu File=/dev/null\n');
    writeFileSync(this.configuration, await this.configurationText());
    const munge = ['key-file=munge.key', 'socket=munge.sock', 'pid-file=munged.pid', 'log-file=munged.log'];
    const files = [...munge, 'seed-file=munged.seed'].map(
      (option) => `--${option.replace('=', `=${folder}/`)}`,
    );
    this.daemon('munged', '/usr/sbin/munged', ['--foreground', '--force', ...files]);
    await until(() => existsSync(join(folder, 'munge.sock')));
    this.daemon('slurmctld', '/usr/sbin/slurmctld', ['-D', '-f', this.configuration]);
    for (const node of NODES)
      this.daemon(node, '/usr/sbin/slurmd', ['-D', '-f', this.configuration, '-N', node]);
    while ((await this.call('sinfo', '-h', '-t', 'idle', '-o', '%D').catch(() => '')) !== `${NODES.length}`)
      await later();
  }

  private async configurationText(): Promise<string> {
    const { folder } = this;
    const [host, user] = [hostname(), userInfo().username];
    const [controller, ...ports] = await freePorts(1 + NODES.length);
    const nodes = NODES.map(
      (node, at) => `NodeName=${node} NodeHostname=${host} Port=${ports[at]} CPUs=1 Gres=gpu:1`,
    );
    return [
      'ClusterName=normscape',
      `SlurmctldHost=${host}`,
      `SlurmctldPort=${controller}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      'AuthType=auth/munge',
      // A job that is requeued waits as long as its old credential is good.
      `AuthInfo=socket=${folder}/munge.sock,cred_expire=5`,
      `StateSaveLocation=${folder}/state`,
      `SlurmdSpoolDir=${folder}/%n`,
      `SlurmctldPidFile=${folder}/slurmctld.pid`,
      `SlurmdPidFile=${folder}/%n.pid`,
      `SlurmctldLogFile=${folder}/slurmctld.log`,
      `SlurmdLogFile=${folder}/%n.log`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'GresTypes=gpu',
      'ReturnToService=2',
      'SlurmdParameters=config_overrides',
      'SlurmdTimeout=10',
      ...nodes,
      `PartitionName=all Nodes=${NODES.join()} Default=YES State=UP`,
      '',
    ].join('\n');
  }

  /** Where jobs may leave what they print. */
  get logs(): string {
    return this.folder;
  }

  /** What a command prints that talks to this Slurm. */
  async call(command: string, ...args: readonly string[]): Promise<string> {
    const environment = { ...process.env, SLURM_CONF: this.configuration };
    const { stdout } = await promisify(execFile)(command, args, { env: environment });
    return stdout.trim();
  }

  /** The machine of a node goes, with its daemon, what that has started, and the jobs. */
  killNode(node: NodeName): void {
    this.killDaemon(node);
    const jobs = processes().filter(({ environment }) =>
      [`SLURM_CONF=${this.configuration}`, `SLURMD_NODENAME=${node}`].every((text) =>
        environment.includes(text),
      ),
    );
    const parents = new Set(jobs.map(({ parent }) => parent));
    const steps = processes().filter(
      ({ pid, title }) => parents.has(pid) && title.startsWith('slurmstepd: '),
    );
    for (const { pid } of [...steps, ...jobs]) kill(pid);
  }

  /** Only the daemon goes; its jobs live on. */
  killDaemon(node: NodeName): void {
    this.daemons.get(node)!.kill('SIGKILL');
  }

  /** Ends all of it. */
  async close(): Promise<void> {
    for (const node of NODES) if (this.daemons.has(node)) this.killNode(node);
    for (const name of ['slurmctld', 'munged']) this.daemons.get(name)?.kill('SIGTERM');
    await until(() => [...this.daemons.values()].every(hasEnded));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private daemon(name: string, program: string, args: readonly string[]): void {
    const environment = { ...process.env, SLURM_CONF: this.configuration };
    const daemon = spawn(program, args, { env: environment, stdio: 'ignore' });
    process.once('exit', () => daemon.kill('SIGKILL')); // where the tests are interrupted
    this.daemons.set(name, daemon);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly title: string;
  readonly environment: readonly string[];
}

/** Those that can be looked at. */
function processes(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const read = (name: string) => readFileSync(join('/proc', pid, name), 'utf8');
      const parent = /^PPid:\s+(\d+)$/m.exec(read('status'))?.[1];
      return [
        {
          pid: Number(pid),
          parent: Number(parent),
          title: read('cmdline'),
          environment: read('environ').split('\0'),
        },
      ];
    } catch {
      return [];
    }
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) =>
        server.listen(0, () => resolve((server.address() as AddressInfo).port)),
      ),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

/** A while, between two questions to a controller. */
export function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 250));
}
