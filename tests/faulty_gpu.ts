/** What may go wrong once, or always from then on, between a program and a GPU. */
export type FaultKind =
  | 'submit dropped'
  | 'submit invalid'
  | 'dispatch skipped'
  | 'dispatch halved'
  | 'dispatch doubled'
  | 'upload lost'
  | 'upload halved'
  | 'buffer zeroed'
  | 'buffer refused'
  | 'readback of zeros'
  | 'readback of half'
  | 'mapping rejected'
  | 'mapping never settles'
  | 'device lost'
  | 'device lost over a pipeline';

export interface Fault {
  readonly kind: FaultKind;
  /** At which of the calls that it may strike, from 0, over all devices. */
  readonly at: number;
  /** And at all later ones. */
  readonly always?: boolean;
  /** Only of buffers with this label. */
  readonly label?: string;
}

export interface FaultyGpu {
  readonly gpu: GPU;
  /** From now on this may strike, and nothing did so far; no fault only counts. */
  arm(fault?: Fault): void;
  /** The next who asks gets another device. */
  renew(): void;
  /** Calls that a kind of fault may strike, so far. */
  calls(kind: FaultKind): number;
  /** How often it has struck. */
  struck(): number;
}

/**
 * A GPU that may have faults. All that ask get one device, as long as it lives, so that it compiles everything once.
 * Whole in itself, so that its text can be put into a page's worker.
 * @param hardware say of the adapter that it is one
 */
export function faultyGpu(real: GPU, hardware = false): FaultyGpu {
  let armed: Fault | undefined;
  let struck = 0;
  const calls = new Map<FaultKind, number>();
  let shared: Promise<GPUDevice> | undefined;

  /** The first of these kinds of fault that strikes this call. */
  function strikes(kinds: readonly FaultKind[], label?: string): FaultKind | undefined {
    return kinds.find((kind) => {
      if (armed?.label !== undefined && armed.kind === kind && armed.label !== label) return false;
      const call = calls.get(kind) ?? 0;
      calls.set(kind, call + 1);
      if (armed?.kind !== kind || !(call === armed.at || (armed.always && call > armed.at))) return false;
      struck += 1;
      return true;
    });
  }

  const gpu: Pick<GPU, 'requestAdapter'> = {
    async requestAdapter(options) {
      const adapter = await real.requestAdapter(options);
      if (!adapter) return adapter;
      if (hardware) Object.defineProperty(adapter, 'info', { value: { description: 'as if in hardware' } });
      const request = adapter.requestDevice.bind(adapter);
      Object.defineProperty(adapter, 'requestDevice', {
        value: (descriptor?: GPUDeviceDescriptor) => (shared ??= request(descriptor).then(spoilt)),
      });
      return adapter;
    },
  };
  return {
    gpu: gpu as GPU,
    arm(fault) {
      armed = fault;
      struck = 0;
      calls.clear();
    },
    renew() {
      shared = undefined;
    },
    calls: (kind) => calls.get(kind) ?? 0,
    struck: () => struck,
  };

  function spoilt(device: GPUDevice): GPUDevice {
    const { queue } = device;
    const createBuffer = device.createBuffer.bind(device);
    const createCommandEncoder = device.createCommandEncoder.bind(device);
    const createPipeline = device.createComputePipelineAsync.bind(device);
    const submit = queue.submit.bind(queue);
    const writeBuffer = queue.writeBuffer.bind(queue);
    const destroyDevice = device.destroy.bind(device);
    const slices = new WeakSet<GPUCommandBuffer>();
    const living = new Set<GPUBuffer>();

    /** Takes the device away, as a driver does. */
    const lose = () => {
      shared = undefined;
      destroyDevice();
    };
    device.destroy = () => undefined; // others may be given it yet

    device.createBuffer = (descriptor) => {
      const refused = strikes(['buffer refused'], descriptor.label);
      const buffer = createBuffer(
        refused ? { ...descriptor, size: device.limits.maxBufferSize * 4 } : descriptor,
      );
      if (refused) Object.defineProperty(buffer, 'size', { value: descriptor.size });
      living.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        living.delete(buffer);
        return destroy();
      };
      const map = buffer.mapAsync.bind(buffer);
      buffer.mapAsync = (mode) => {
        if (strikes(['mapping never settles'])) return new Promise(() => undefined);
        if (strikes(['mapping rejected'])) return Promise.reject(new Error('the mapping was rejected'));
        return map(mode);
      };
      const range = buffer.getMappedRange.bind(buffer);
      buffer.getMappedRange = () => {
        const mapped = range();
        const kind = strikes(['readback of zeros', 'readback of half']);
        if (!kind) return mapped;
        const half = mapped.slice(0);
        new Uint8Array(half).fill(0, kind === 'readback of zeros' ? 0 : half.byteLength >> 1);
        return half;
      };
      return buffer;
    };

    device.createCommandEncoder = (descriptor) => {
      const encoder = createCommandEncoder(descriptor);
      const finish = encoder.finish.bind(encoder);
      encoder.finish = (end) => {
        const commands = finish(end);
        if (descriptor?.label === 'slice') slices.add(commands);
        return commands;
      };
      const begin = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (options) => {
        const pass = begin(options);
        if (options?.label !== 'slice') return pass;
        const dispatch = pass.dispatchWorkgroups.bind(pass);
        pass.dispatchWorkgroups = (x, y = 1, z = 1) => {
          const kind = strikes(['dispatch skipped', 'dispatch halved', 'dispatch doubled']);
          if (!kind) return dispatch(x, y, z);
          if (kind === 'dispatch doubled') {
            dispatch(x, y, z);
            dispatch(x, y, z);
          }
          if (kind === 'dispatch halved') {
            if (y > 1) dispatch(x, y >> 1, z);
            else dispatch(x >> 1, y, z);
          }
          return undefined;
        };
        return pass;
      };
      return encoder;
    };

    device.createComputePipelineAsync = (descriptor) => {
      if (strikes(['device lost over a pipeline'])) lose();
      return createPipeline(descriptor);
    };

    queue.submit = (commands) => {
      const all = [...commands];
      const isSlice = all.some((one) => slices.has(one));
      const kind = isSlice
        ? strikes(['submit dropped', 'submit invalid', 'buffer zeroed', 'device lost'], armed?.label)
        : undefined;
      if (!kind) return submit(all);
      if (kind === 'submit dropped') return submit([]);
      if (kind === 'submit invalid') {
        const bad = createCommandEncoder();
        const buffer = createBuffer({ size: 16, usage: GPUBufferUsage.COPY_SRC });
        bad.copyBufferToBuffer(buffer, 0, buffer, 0, 4);
        return submit([bad.finish()]);
      }
      submit(all);
      if (kind === 'device lost') lose();
      if (kind === 'buffer zeroed') {
        const zeroing = createCommandEncoder();
        for (const buffer of living) if (buffer.label === armed?.label) zeroing.clearBuffer(buffer);
        submit([zeroing.finish()]);
      }
      return undefined;
    };

    queue.writeBuffer = ((
      buffer: GPUBuffer,
      offset: number,
      data: ArrayBuffer,
      from: number,
      size: number,
    ) => {
      const kind = strikes(['upload lost', 'upload halved'], buffer.label);
      if (!kind) return writeBuffer(buffer, offset, data, from, size);
      const half = (size >> 3) << 2;
      if (kind === 'upload halved' && half > 0) writeBuffer(buffer, offset, data, from, half);
      return undefined;
    }) as typeof queue.writeBuffer;
    return device;
  }
}
