// A product with so few columns that tiles would be mostly empty, straight from memory: an invocation makes TILE_ROWS outputs
// (1 or 4) of one column.

// const TILE_ROWS: u32, from the host

const NEXT_FOUR = vec4u(0, 1, 2, 3);

// Beyond the edge the last row is computed again, and not stored: that is cheaper than to ask at every load.
fn multiply(workgroup: u32, lane: vec3u, local: u32, trial: vec4u) {
  let index = workgroup * COL_LANES + lane.x;
  let row = index / call.cols * TILE_ROWS;
  let col = index % call.cols;
  if (row >= call.rows) {
    return;
  }
  let left = matrix_a(trial);
  let right = matrix_b(trial);
  let rows = left.first + min(row + NEXT_FOUR, vec4u(call.rows - 1)) * left.down;
  let b_first = right.first + col * right.right;
  var sums = vec4f();
  for (var k = 0u; k < call.inner; k++) {
    let i = rows + k * left.right;
    let factor = b[b_first + k * right.down];
    if (TILE_ROWS == 1) {
      sums.x += a[i.x] * factor;
    } else {
      sums += vec4f(a[i.x], a[i.y], a[i.z], a[i.w]) * factor;
    }
  }
  let out_first = first(call.out, trial) + col;
  let end = min(row + TILE_ROWS, call.rows);
  for (var i = row; i < end; i++) {
    out[out_first + i * call.cols] = call.scale * sums[i - row];
  }
}
