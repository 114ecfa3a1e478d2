import { openEngine } from '../training/engines';
import { SweepHost } from './sweep_host';
import type { SweepRequest } from './sweep_protocol';

const host = new SweepHost(
  (engine) => openEngine(engine, navigator.gpu, isSecureContext),
  (event, transfer = []) => postMessage(event, { transfer }),
);

addEventListener('message', ({ data }: MessageEvent<SweepRequest>) => host.handle(data));
