/**
 * SHA-256 (FIPS 180-4), bit by bit as it comes. Written here because a page that is no secure context has no `crypto.subtle`, which
 * besides answers later and takes its input whole.
 */

const BLOCK = 64;

/** The first 64 primes. */
const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((prime) => n % prime !== 0)) PRIMES.push(n);

/** The first 32 bits of the fraction of a root. */
const fraction = (root: number) => Math.floor((root % 1) * 2 ** 32) >>> 0;
const ROUND = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

const rotated = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits));

export class Sha256 {
  private readonly state = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  private readonly block = new Uint8Array(BLOCK);
  private readonly view = new DataView(this.block.buffer);
  private readonly schedule = new Uint32Array(BLOCK);
  private length = 0;

  update(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const at = this.length % BLOCK;
      const part = bytes.subarray(from, from + BLOCK - at);
      this.block.set(part, at);
      from += part.length;
      this.length += part.length;
      if (this.length % BLOCK === 0) this.compress();
    }
  }

  /** Of all that came, in hexadecimal; nothing may come after it. */
  digest(): string {
    const bits = 8 * this.length;
    const padding = new Uint8Array(BLOCK - ((this.length + 8) % BLOCK) + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer, padding.length - 8);
    view.setUint32(0, Math.floor(bits / 2 ** 32));
    view.setUint32(4, bits % 2 ** 32);
    this.update(padding);
    return Array.from(this.state, (word) => word.toString(16).padStart(8, '0')).join('');
  }

  private compress(): void {
    const { state, schedule: w } = this;
    for (let t = 0; t < 16; t += 1) w[t] = this.view.getUint32(4 * t);
    for (let t = 16; t < BLOCK; t += 1) {
      const [early, late] = [w[t - 15]!, w[t - 2]!];
      const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
      const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
      w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let t = 0; t < BLOCK; t += 1) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = (h + s1 + choice + ROUND[t]! + w[t]!) | 0;
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + s0 + majority) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i]! += word;
  }
}
