// A product by way of workgroup memory, for GPUs: a workgroup makes 4·ROW_LANES × 4·COL_LANES outputs of one trial, and an
// invocation 4 × 4 of them, held in four named vectors (an array would be spilled to memory). The operands pass through
// workgroup memory in stretches of INNER_TILE, a laid out K-major so that an invocation's four rows are one vector. Products
// with few outputs and a long inner dimension keep the workgroup full by sharing that dimension out among INNER_LANES, summed
// as a fixed tree.
// Source: the register-tiled product of any BLAS, e.g. Volkov & Demmel 2008.

// const INNER_TILE: u32, from the host

// One vector more a row than needed, so that neighbours who write down a column do not meet in one memory bank.
var<workgroup> a_tile: array<vec4f, INNER_TILE * (ROW_LANES + 1)>;
var<workgroup> b_tile: array<vec4f, INNER_TILE * (COL_LANES + 1)>;
var<workgroup> partials: array<vec4f, 4 * ROW_LANES * COL_LANES * (INNER_LANES / 2) + 1>;

fn multiply(workgroup: u32, lane: vec3u, local: u32, trial: vec4u) {
  let left = matrix_a(trial);
  let right = matrix_b(trial);
  let tiles_across = (call.cols + 4 * COL_LANES - 1) / (4 * COL_LANES);
  let tile_row = workgroup / tiles_across * 4 * ROW_LANES;
  let tile_col = workgroup % tiles_across * 4 * COL_LANES;
  let lanes = COL_LANES * ROW_LANES * INNER_LANES;

  var row_0 = vec4f();
  var row_1 = vec4f();
  var row_2 = vec4f();
  var row_3 = vec4f();
  for (var start = 0u; start < call.inner; start += INNER_TILE) {
    for (var i = local; i < INNER_TILE * ROW_LANES; i += lanes) {
      let at = cell(i, ROW_LANES, TRANSPOSE_A == 0);
      let k = start + at.x;
      let row = tile_row + 4 * at.y;
      var values = vec4f();
      for (var r = 0u; r < 4; r++) {
        values = vec4f(values.yzw, a_at(left, row + r, k));
      }
      a_tile[at.x * (ROW_LANES + 1) + at.y] = values;
    }
    for (var i = local; i < INNER_TILE * COL_LANES; i += lanes) {
      let at = cell(i, COL_LANES, TRANSPOSE_B == 1);
      let k = start + at.x;
      let col = tile_col + 4 * at.y;
      var values = vec4f();
      for (var c = 0u; c < 4; c++) {
        values = vec4f(values.yzw, b_at(right, k, col + c));
      }
      b_tile[at.x * (COL_LANES + 1) + at.y] = values;
    }
    workgroupBarrier();
    for (var k = lane.z; k < INNER_TILE; k += INNER_LANES) {
      let a_rows = a_tile[k * (ROW_LANES + 1) + lane.y];
      let b_cols = b_tile[k * (COL_LANES + 1) + lane.x];
      row_0 += a_rows.x * b_cols;
      row_1 += a_rows.y * b_cols;
      row_2 += a_rows.z * b_cols;
      row_3 += a_rows.w * b_cols;
    }
    workgroupBarrier();
  }

  // The upper half of the lanes hands its sums to the lower half, until one lane has them all.
  let outputs = ROW_LANES * COL_LANES;
  for (var half = INNER_LANES / 2; half > 0; half /= 2) {
    let at = 4 * (local % (half * outputs));
    if (lane.z >= half && lane.z < 2 * half) {
      partials[at] = row_0;
      partials[at + 1] = row_1;
      partials[at + 2] = row_2;
      partials[at + 3] = row_3;
    }
    workgroupBarrier();
    if (lane.z < half) {
      row_0 += partials[at];
      row_1 += partials[at + 1];
      row_2 += partials[at + 2];
      row_3 += partials[at + 3];
    }
    workgroupBarrier();
  }
  if (lane.z > 0) {
    return;
  }

  let out_first = first(call.out, trial);
  let row = tile_row + 4 * lane.y;
  let col = tile_col + 4 * lane.x;
  for (var r = 0u; r < 4; r++) {
    if (row + r < call.rows) {
      store_four(out_first + (row + r) * call.cols + col, col, call.scale * row_0);
    }
    row_0 = row_1;
    row_1 = row_2;
    row_2 = row_3;
  }
}

fn a_at(matrix: Matrix, row: u32, k: u32) -> f32 {
  if (row >= call.rows || k >= call.inner) {
    return 0;
  }
  return a[matrix.first + row * matrix.down + k * matrix.right];
}

fn b_at(matrix: Matrix, k: u32, col: u32) -> f32 {
  if (k >= call.inner || col >= call.cols) {
    return 0;
  }
  return b[matrix.first + k * matrix.down + col * matrix.right];
}

// Cell i of a staged tile as (k, which four rows or columns), numbered so that neighbours read neighbouring memory.
fn cell(i: u32, lanes: u32, k_is_contiguous: bool) -> vec2u {
  return select(vec2u(i / lanes, i % lanes), vec2u(i % INNER_TILE, i / INNER_TILE), k_is_contiguous);
}
