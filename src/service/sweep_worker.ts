import { Ladder } from '../training/ladder';
import { SweepHost } from './sweep_host';
import type { SweepRequest } from './sweep_protocol';

const host = new SweepHost(
  (engine, listener) => new Ladder(engine, async () => navigator.gpu, isSecureContext, listener).open,
  (event, transfer = []) => postMessage(event, { transfer }),
);

addEventListener('message', ({ data }: MessageEvent<SweepRequest>) => host.handle(data));
