// A product for software adapters with subgroups. What costs there is not arithmetic, but every load and store at an index
// that is no constant: it is done lane by lane, in some hundred instructions.
//
// So an invocation holds a block of b, INNER × COLS, in private memory, of which constant indices cost next to nothing, and
// lets the rows of a pass by it. Four invocations, whose columns are side by side, share each row: each loads a quarter, and
// swaps with the others do the rest. Where the inner dimension is longer than a block, the product is summed up in memory.
//
// const ROWS: u32, from the host: of a workgroup
// const INNER: u32, from the host: 16, 32, 64 or 128
// const COLS: u32, from the host: 4, 8 or 16
// const WHOLE: u32, from the host: 1 where inner and cols are multiples of them
// const ONCE: u32, from the host: 1 where inner is one block at most

// Element c + COLS·q has rows 4·q to 4·q + 3 of column c.
var<private> block: array<vec4f, INNER / 4 * COLS>;

fn multiply(workgroup: u32, lane: vec3u, local: u32, trial: vec4u) {
  let across = (call.cols + 4 * COLS - 1) / (4 * COLS);
  let begin = workgroup / across * ROWS;
  let end = min(begin + ROWS, call.rows);
  let col = (workgroup % across * 4 + local) * COLS;
  let left = matrix_a(trial);
  let right = matrix_b(trial);
  let out_first = first(call.out, trial) + col;
  for (var start = 0u; start < call.inner; start += INNER) {
    fill_block(start, col, local, right);
    let k = start + local;
    for (var row = begin; row < end; row++) {
      let at = left.first + row * left.down + k * left.right;
      var sums = add_16(mat4x4f(), 0, at, k, left.right);
      if (INNER > 16) {
        sums = add_16(sums, 16, at, k, left.right);
      }
      if (INNER > 32) {
        sums = add_16(sums, 32, at, k, left.right);
        sums = add_16(sums, 48, at, k, left.right);
      }
      if (INNER > 64) {
        sums = add_16(sums, 64, at, k, left.right);
        sums = add_16(sums, 80, at, k, left.right);
        sums = add_16(sums, 96, at, k, left.right);
        sums = add_16(sums, 112, at, k, left.right);
      }
      store_sums(out_first + row * call.cols, col, start > 0, call.scale * sums);
    }
  }
}

// An invocation gets every four values of a row of a in the order that the swaps bring them in (`quad`), so that is the order
// of every four rows of its block.
fn fill_block(start: u32, col: u32, local: u32, matrix: Matrix) {
  let order = quad(f32(local));
  for (var k = 0u; k < INNER; k++) {
    let row = start + k / 4 * 4 + u32(order[k % 4]);
    let origin = matrix.first + row * matrix.down + col * matrix.right;
    let first_element = k / 4 * COLS;
    for (var c = 0u; c < COLS; c++) {
      block[first_element + c][k % 4] = select(0, b[origin + c * matrix.right], WHOLE == 1 || row < call.inner);
    }
  }
}

// The values of the four invocations, one's own first.
fn quad(own: f32) -> vec4f {
  return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}

// Adds the products with rows k to k + 15 of the block. `at` and `own` are the place and the inner index of what this
// invocation loads for the first four.
fn add_16(sums: mat4x4f, k: u32, at: u32, own: u32, right: u32) -> mat4x4f {
  let four = add_4(sums, k, at, own, right);
  let eight = add_4(four, k + 4, at, own, right);
  let twelve = add_4(eight, k + 8, at, own, right);
  return add_4(twelve, k + 12, at, own, right);
}

fn add_4(sums: mat4x4f, k: u32, at: u32, own: u32, right: u32) -> mat4x4f {
  let values = quad(select(0, a[at + k * right], WHOLE == 1 || own + k < call.inner));
  let i = k / 4 * COLS;
  var all = sums;
  all[0] = add_products(sums[0], i, values);
  if (COLS > 4) {
    all[1] = add_products(sums[1], i + 4, values);
  }
  if (COLS > 8) {
    all[2] = add_products(sums[2], i + 8, values);
    all[3] = add_products(sums[3], i + 12, values);
  }
  return all;
}

fn add_products(sums: vec4f, i: u32, values: vec4f) -> vec4f {
  return vec4f(
    sums.x + dot(block[i], values),
    sums.y + dot(block[i + 1], values),
    sums.z + dot(block[i + 2], values),
    sums.w + dot(block[i + 3], values),
  );
}

fn store_sums(at: u32, col: u32, further: bool, sums: mat4x4f) {
  store_part(at, col, further, sums[0]);
  if (COLS > 4) {
    store_part(at + 4, col + 4, further, sums[1]);
  }
  if (COLS > 8) {
    store_part(at + 8, col + 8, further, sums[2]);
    store_part(at + 12, col + 12, further, sums[3]);
  }
}

fn store_part(at: u32, col: u32, further: bool, sums: vec4f) {
  var values = sums;
  if (ONCE == 0) {
    values += select(vec4f(), vec4f(out[at], out[at + 1], out[at + 2], out[at + 3]), further);
  }
  if (WHOLE == 0) {
    store_four(at, col, values);
  } else if (col < call.cols) {
    out[at] = values.x;
    out[at + 1] = values.y;
    out[at + 2] = values.z;
    out[at + 3] = values.w;
  }
}
