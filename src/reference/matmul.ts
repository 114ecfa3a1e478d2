import { tangent, twin } from './twin';

interface Shape {
  readonly rows: number;
  readonly inner: number;
  readonly cols: number;
  readonly scale: number;
  readonly TRANSPOSE_A: number;
  readonly TRANSPOSE_B: number;
}

const TENSORS = ['a', 'b', 'out'] as const;
const SCALARS = ['rows', 'inner', 'cols', 'scale', 'TRANSPOSE_A', 'TRANSPOSE_B'] as const;

/** out (rows × cols) = scale · op(a) · op(b), where op transposes what is stored the other way round. */
export const matmul = twin(TENSORS, SCALARS, ({ a, b, out }, shape) => multiply([[a, b]], out, shape));

/** out′ = scale · (op(a′) · op(b) + op(a) · op(b′)) */
export const matmulTangent = tangent(TENSORS, SCALARS, (values, { a, b, out }, shape) =>
  multiply(
    [
      [a, values.b],
      [values.a, b],
    ],
    out,
    shape,
  ),
);

/**
 * out = scale · Σ op(a) · op(b) over some pairs.
 * Four rows go together, so that no sum waits for the addition before it; past the end the last row is done again.
 */
function multiply(
  pairs: readonly (readonly [a: Float64Array, b: Float64Array])[],
  out: Float64Array,
  { rows, inner, cols, scale, TRANSPOSE_A, TRANSPOSE_B }: Shape,
): void {
  const [aRow, aCol] = TRANSPOSE_A ? [1, rows] : [inner, 1];
  const [bRow, bCol] = TRANSPOSE_B ? [1, inner] : [cols, 1];
  for (let i0 = 0; i0 < rows; i0 += 4) {
    const i1 = Math.min(i0 + 1, rows - 1);
    const i2 = Math.min(i0 + 2, rows - 1);
    const i3 = Math.min(i0 + 3, rows - 1);
    for (let j = 0; j < cols; j++) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let pair = 0; pair < pairs.length; pair++) {
        const [a, b] = pairs[pair]!;
        for (let k = 0; k < inner; k++) {
          const right = b[k * bRow + j * bCol]!;
          sum0 += a[i0 * aRow + k * aCol]! * right;
          sum1 += a[i1 * aRow + k * aCol]! * right;
          sum2 += a[i2 * aRow + k * aCol]! * right;
          sum3 += a[i3 * aRow + k * aCol]! * right;
        }
      }
      out[i0 * cols + j] = scale * sum0;
      out[i1 * cols + j] = scale * sum1;
      out[i2 * cols + j] = scale * sum2;
      out[i3 * cols + j] = scale * sum3;
    }
  }
}
