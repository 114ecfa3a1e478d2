import type { Engine } from '../training/engine';

/**
 * An algorithm over an engine that tells what it finds part by part, so that charts grow. Requests and parts are plain data, since a
 * worker stands between them and the page. It ends early once nobody wants it any more, and begins anew on another engine when the one
 * it had turns out to be lost or wrong.
 * @throws EngineFaultError, EngineLostError
 */
export type Measurement<Request, Part> = (
  engine: Engine,
  request: Request,
  tell: (part: Part) => void,
  isWanted: () => boolean,
) => Promise<void>;
