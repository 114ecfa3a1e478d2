/** Why there is no GPU to compute on; each state has its own words and remedy on the page. */
export type GpuUnavailableState =
  'insecure-context' | 'no-webgpu' | 'no-adapter' | 'limits' | 'device-failed';

export class GpuUnavailableError extends Error {
  override readonly name = 'GpuUnavailableError';
  constructor(
    readonly state: GpuUnavailableState,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
  constructor(
    /** True after `Gpu.destroy`, false when the driver, the browser or the machine took the device away. */
    readonly deliberate: boolean,
    reason: string,
    message: string,
  ) {
    super(`GPU device lost (${reason})${message ? `: ${message.replace(/\.+$/, '')}` : ''}`);
  }
}

/** The device has refused something, or could not do it; whatever it computed since may be wrong. */
export class DeviceFaultError extends Error {
  override readonly name = 'DeviceFaultError';
  constructor(
    message: string,
    readonly outOfMemory: boolean,
  ) {
    super(message);
  }
}

export class LimitExceededError extends Error {
  override readonly name = 'LimitExceededError';
  constructor(
    readonly what: string,
    readonly actual: number,
    readonly maximum: number,
    readonly remedy: string,
  ) {
    super(`${what}: ${actual} is more than this device's ${maximum}; ${remedy}`);
  }
}

/** One line of the compiler's, mapped back to the file that it is about. */
export interface ShaderMessage {
  readonly type: GPUCompilationMessageType;
  readonly file: string;
  /** Both from 1; 0 when the compiler names no place. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** The source line itself. */
  readonly source: string;
}

export class ShaderCompileError extends Error {
  override readonly name = 'ShaderCompileError';
  constructor(
    readonly label: string,
    readonly messages: readonly ShaderMessage[],
    options?: ErrorOptions,
  ) {
    super([`${label} does not compile`, ...messages.map(format)].join('\n'), options);
  }
}

function format({ file, line, column, type, text, source }: ShaderMessage): string {
  return `${file}:${line}:${column}: ${type}: ${text}\n  ${source.trim()}`;
}
