import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** An eigenvalue of a symmetric operator, as far as it is known. */
export interface RitzValue {
  readonly value: number;
  /** ‖A·v − value·v‖₂ of its unit Ritz vector: so near is an eigenvalue of A. */
  readonly residual: number;
}

/** Below this share of the largest coefficient so far, what is left of a product is rounding: the Krylov space is exhausted. */
const EXHAUSTED = 1e-12;

/**
 * Lanczos iteration on a symmetric operator that is only known by its products: ask for `next`, `take` its product. Every vector is
 * made orthogonal to all before it, twice, so that no eigenvalue comes back as a ghost; and where the Krylov space is exhausted it goes
 * on from another vector, so that eigenvalues that it does not reach are found too (Golub & Van Loan, Matrix Computations, §10.1).
 */
export class Lanczos {
  private readonly basis: Float64Array[] = [];
  private readonly diagonal: number[] = [];
  /** Of each vector but the first with the one before; the last is what the Krylov space lacks. */
  private readonly beside: number[] = [];
  private following: Float64Array | undefined;
  private scale = 0;

  /** @param draw a vector in the space of the operator that has a part along every eigenvector */
  constructor(
    private readonly dimension: number,
    private readonly draw: () => Float64Array,
  ) {
    this.following = this.fresh();
  }

  /** The unit vector of which the product is wanted; nothing where the whole space has been seen. */
  get next(): Float64Array | undefined {
    return this.following;
  }

  /** Products so far. */
  get taken(): number {
    return this.basis.length;
  }

  /** @param product A·next; the iteration ends where it is not finite */
  take(product: Float64Array): void {
    const vector = this.following!;
    const alpha = dot(product, vector);
    this.basis.push(vector);
    this.diagonal.push(alpha);
    const rest = this.orthogonal(product);
    const beta = length(rest);
    this.scale = Math.max(this.scale, Math.abs(alpha), beta);
    const isExhausted = !(beta > EXHAUSTED * this.scale);
    this.beside.push(isExhausted ? 0 : beta);
    if (this.basis.length >= this.dimension || !Number.isFinite(beta)) this.following = undefined;
    else this.following = isExhausted ? this.fresh() : rest.map((value) => value / beta);
  }

  /** The eigenvalues of the operator in the space seen so far, by magnitude, the largest first; NaN where a product was not finite. */
  ritz(): RitzValue[] {
    const { diagonal, beside } = this;
    const size = diagonal.length;
    if (![...diagonal, ...beside].every(Number.isFinite)) return [{ value: NaN, residual: NaN }];
    const matrix = Matrix.zeros(size, size);
    for (const [i, alpha] of diagonal.entries()) {
      matrix.set(i, i, alpha);
      if (i + 1 < size) {
        matrix.set(i, i + 1, beside[i]!);
        matrix.set(i + 1, i, beside[i]!);
      }
    }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
      assumeSymmetric: true,
    });
    return realEigenvalues
      .map((value, at) => ({
        value,
        residual: Math.abs(beside[size - 1]! * eigenvectorMatrix.get(size - 1, at)),
      }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  }

  private fresh(): Float64Array {
    const drawn = this.orthogonal(this.draw());
    const drawnLength = length(drawn);
    return drawn.map((value) => value / drawnLength);
  }

  private orthogonal(vector: Float64Array): Float64Array {
    const rest = vector.slice();
    for (let pass = 0; pass < 2; pass += 1)
      for (const known of this.basis) {
        const along = dot(rest, known);
        for (let i = 0; i < rest.length; i += 1) rest[i]! -= along * known[i]!;
      }
    return rest;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

const length = (vector: Float64Array) => Math.sqrt(dot(vector, vector));
